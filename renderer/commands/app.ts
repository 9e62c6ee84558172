/** What the app's own commands do: those of the menu, and movements on the timeline. */
import { wordsOf, type MenuCommand } from '#contract/commands.ts';
import { useCaptures } from '../stores/captures.ts';
import { useModules } from '../stores/module/modules.ts';
import { useRecording } from '../stores/recording.ts';
import { useSettings } from '../stores/settings.ts';
import { useView, type View } from '../stores/view.ts';
import { useCommands, type Command } from './registry.ts';
import { timelineCommands } from './timeline.ts';

type Deed = Pick<Command, 'run'> & Partial<Pick<Command, 'when'>>;

/** Puts the app's commands into the registry. Returns the function that takes them away. */
export function registerAppCommands(): () => void {
  const captures = useCaptures();
  const modules = useModules();
  const recording = useRecording();
  const settings = useSettings();
  const view = useView();

  const inCapture = (): boolean => captures.current !== undefined;
  const show = (which: View): Deed => ({
    when: which === 'reference' ? () => true : inCapture,
    run: () => {
      view.show(which);
    },
  });

  const deeds: Readonly<Partial<Record<MenuCommand, Deed>>> = {
    open: { run: captures.openWithDialog },
    'open-sample': { run: captures.openSample },
    record: { when: () => !recording.active, run: () => recording.start() },
    stop: { when: () => recording.active, run: recording.stop },
    close: {
      when: () => inCapture() || view.view === 'module',
      run: () => (view.view === 'module' ? modules.leave() : captures.closeCurrent()),
    },
    find: { when: () => view.view === 'module', run: () => (view.finding += 1) },
    palette: { run: () => (view.paletteOpen = true) },
    'show-attempts': show('attempts'),
    'show-events': show('events'),
    'show-images': show('images'),
    'show-capture': show('capture'),
    'show-reference': show('reference'),
    keys: { run: () => (view.keysOpen = true) },
    'toggle-theme': { run: settings.nextTheme },
    'toggle-zone': { run: settings.toggleZone },
    'zoom-in': { run: () => settings.zoomBy(1) },
    'zoom-out': { run: () => settings.zoomBy(-1) },
    'zoom-reset': { run: () => settings.zoomBy(0) },
  };
  const own = Object.entries(deeds).map(([id, deed]): Command => ({ id, ...wordsOf(id as MenuCommand), ...deed }));
  const { registerCommands, registerSource } = useCommands();
  const recent = (): Command[] =>
    captures.recent.map((entry) => ({
      id: `recent:${entry.id}`,
      title: `Open ${entry.name}`,
      detail: entry.folder,
      group: 'File',
      run: () => captures.openRecent(entry),
    }));
  const ends = [registerCommands([...own, ...timelineCommands()]), registerSource(recent)];
  return () => {
    for (const end of ends) end();
  };
}
