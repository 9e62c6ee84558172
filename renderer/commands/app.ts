/** What the app's own commands do: those of the menu, and movements on the timeline. */
import { wordsOf, type MenuCommand } from '#contract/commands.ts';
import { SESSION_POLICIES } from '#contract/session.ts';
import { POLICY_WORDS } from '../format/session.ts';
import { useCaptures } from '../stores/captures.ts';
import { useKeptViews } from '../stores/kept-views.ts';
import { useHistory } from '../stores/history.ts';
import { useRecording } from '../stores/recording.ts';
import { useSession } from '../stores/session.ts';
import { useSettings } from '../stores/settings.ts';
import { useTabs } from '../stores/tabs.ts';
import { useView, type View } from '../stores/view.ts';
import { useCommands, type Command } from './registry.ts';
import { noteCommands } from './notes.ts';
import { timelineCommands } from './timeline.ts';

/** Views that have a field for what is looked for. */
const FINDING: ReadonlySet<View> = new Set(['module', 'modules', 'processes', 'attempts', 'events']);

type Deed = Pick<Command, 'run'> & Partial<Pick<Command, 'when'>>;

/** Puts the app's commands into the registry. Returns the function that takes them away. */
export function registerAppCommands(): () => void {
  const captures = useCaptures();
  const history = useHistory();
  const recording = useRecording();
  const session = useSession();
  const settings = useSettings();
  const tabs = useTabs();
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
    'new-window': { run: session.another },
    'open-sample': { run: captures.openSample },
    'reopen-session': { when: () => session.last.length > 0, run: session.reopen },
    record: { when: () => !recording.active, run: () => recording.start() },
    'record-as': { when: () => !recording.active, run: () => (recording.asking = 'record') },
    attach: { when: () => !recording.active, run: () => (recording.asking = 'attach') },
    stop: { when: () => recording.active, run: recording.stop },
    discard: { when: () => recording.discardable, run: recording.discard },
    close: {
      when: () => tabs.active !== undefined,
      run: () => tabs.close(tabs.active),
    },
    // In a table this is its filter, which registers the same keys.
    find: {
      when: () => FINDING.has(view.view),
      run: () =>
        view.view === 'attempts' || view.view === 'events' ? useCommands().run('filter') : (view.finding += 1),
    },
    palette: { run: () => (view.paletteOpen = true) },
    'show-attempts': show('attempts'),
    'show-modules': show('modules'),
    'show-processes': show('processes'),
    'show-events': show('events'),
    'show-images': show('images'),
    'show-capture': show('capture'),
    'show-reference': show('reference'),
    back: { when: () => history.canBack, run: history.back },
    forward: { when: () => history.canForward, run: history.forward },
    'next-tab': { when: () => tabs.tabs.length > 1, run: () => tabs.step(1) },
    'previous-tab': { when: () => tabs.tabs.length > 1, run: () => tabs.step(-1) },
    keys: { run: () => (view.keysOpen = true) },
    together: { when: inCapture, run: tabs.showTogether },
    'zoom-in': { run: () => settings.zoomBy(1) },
    'zoom-out': { run: () => settings.zoomBy(-1) },
    'zoom-reset': { run: () => settings.zoomBy(0) },
  };
  const own = Object.entries(deeds).map(([id, deed]): Command => ({ id, ...wordsOf(id as MenuCommand), ...deed }));
  const policies = SESSION_POLICIES.map((policy): Command => ({
    ...{ id: `session:${policy}`, title: `What was open, at the next start: ${POLICY_WORDS[policy]}`, group: 'File' },
    when: () => settings.session !== policy,
    run: () => settings.change({ session: policy }),
  }));
  const { registerCommands, registerSource } = useCommands();
  const recent = (): Command[] =>
    captures.recent.map((entry) => ({
      id: `recent:${entry.id}`,
      title: `Open ${entry.name}`,
      detail: entry.folder,
      group: 'File',
      run: () => captures.openRecent(entry),
    }));
  const openTabs = (): Command[] =>
    tabs.tabs.map(({ key, name, detail }, index, all) => ({
      ...{ id: `tab:${key}`, title: `Go to ${name}`, detail, group: 'Go' },
      // As browsers have it: the last one, however many there are.
      keys: [...(index < 8 ? [`Ctrl+${String(index + 1)}`] : []), ...(index === all.length - 1 ? ['Ctrl+9'] : [])],
      run: () => {
        tabs.activate(key);
      },
    }));
  /** What is one way or the other says which way it is. */
  const switches = (): Command[] => {
    const one = (id: MenuCommand, now: string, run: () => unknown): Command => ({
      ...{ id, ...wordsOf(id), detail: `now ${now}`, run },
    });
    return [
      one('toggle-theme', settings.theme, settings.nextTheme),
      one('toggle-zone', settings.zone === 'utc' ? 'UTC' : 'local', settings.toggleZone),
      one('toggle-alarms', settings.alarms ? 'on' : 'off', settings.toggleAlarms),
    ];
  };
  const views = useKeptViews();
  const keptViews = (): Command[] =>
    views.all.map((kept) => ({
      ...{ id: `view:${kept.name}`, title: `View ${kept.name}`, detail: kept.filter ?? kept.view, group: 'View' },
      when: inCapture,
      run: () => views.applyView(kept),
    }));
  const ends = [
    registerCommands([...own, ...policies, ...timelineCommands(), ...noteCommands()]),
    registerSource(switches),
    registerSource(keptViews),
    registerSource(openTabs),
    registerSource(recent),
  ];
  return () => {
    for (const end of ends) end();
  };
}
