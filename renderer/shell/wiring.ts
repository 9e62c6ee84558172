/** What a new capture, its growth, an interval and main's notices mean for the stores. */
import type { Notices } from '#contract/api.ts';
import { onBeforeUnmount, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { registerAppCommands } from '../commands/app.ts';
import { useCommands } from '../commands/registry.ts';
import { useAppFacts } from '../stores/app-facts.ts';
import { useAttemptRows } from '../stores/attempt-rows.ts';
import { useCaptures } from '../stores/captures.ts';
import { useEventRows } from '../stores/event-rows.ts';
import { useLeft } from '../stores/left.ts';
import { useLineage } from '../stores/lineage.ts';
import { useNotes } from '../stores/notes.ts';
import { useNotices } from '../stores/notices.ts';
import { usePlaces } from '../stores/places.ts';
import { useRecording } from '../stores/recording.ts';
import { useReference } from '../stores/reference.ts';
import { useRoster } from '../stores/roster.ts';
import { useRowExport } from '../stores/row-export.ts';
import { useSeal } from '../stores/seal.ts';
import { useSelection } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';
import { isApart, useView } from '../stores/view.ts';
import { useEvidence } from './evidence.ts';
import { usePlaceKeeping } from './places.ts';
import { useSessionKeeping } from './session.ts';

export function useWiring(): void {
  const captures = useCaptures();
  const notices = useNotices();
  const places = usePlaces();
  const recording = useRecording();
  const seal = useSeal();
  const selection = useSelection();
  const settings = useSettings();
  const timeline = useTimeline();
  const view = useView();
  const tables = { attempts: useAttemptRows(), events: useEventRows() };
  const counted = [useRoster(), useLineage()];

  usePlaceKeeping();
  watch(
    () => captures.current?.info.uuid,
    () => void useNotes().load(),
    { immediate: true },
  );
  // What has grown is asked for where it is looked at, or once it is again.
  const uptodate = new Map<{ refresh(): unknown }, number>();
  watch([() => captures.revision, () => view.view], ([revision, shown]) => {
    if (isApart(shown)) return;
    const inSight = shown === 'attempts' || shown === 'events' ? [tables[shown]] : [];
    // Rows first: they are answered soonest, and say what has happened.
    for (const part of [...inSight, timeline, selection]) {
      if ((uptodate.get(part) ?? 0) === revision) continue;
      uptodate.set(part, revision);
      void part.refresh();
    }
  });
  watch(
    () => timeline.interval,
    (interval) => {
      const { clock } = captures;
      if (!clock) return;
      const within = interval && { fromNs: clock.ns(interval.from), toNs: clock.ns(interval.to) };
      // Counted anew once they are looked at.
      for (const rows of counted) rows.within = within;
      // A place that is put back has restricted the rows itself.
      for (const table of Object.values(tables))
        if (JSON.stringify(table.within) !== JSON.stringify(within)) table.restrict(within);
    },
  );
  // What is selected in a table comes into sight on the timeline.
  watch(
    () => (selection.event ?? selection.attempt)?.ns,
    (ns) => {
      if (ns !== undefined && captures.clock && !places.putting) timeline.reveal(captures.clock.elapsed(ns));
    },
  );

  const evidence = useEvidence();
  function reveal({ capture, callId, seq }: Notices['revealed']): void {
    if (!captures.list.some(({ id }) => id === capture)) return;
    captures.look(capture);
    view.leaveModule();
    if (callId !== undefined) evidence.showAttempt(callId);
    else if (seq !== undefined) evidence.showEvent(seq);
  }

  const ready = useSessionKeeping();
  const ends = [
    bridge.on('opened', (opened) => void ready.then(() => captures.showOpened(opened))),
    bridge.on('problem', notices.report),
    bridge.on('recording', recording.told),
    bridge.on('grown', captures.grow),
    bridge.on('closed', (id) => void captures.forget(id)),
    bridge.on('settings', settings.told),
    bridge.on('noted', useNotes().told),
    bridge.on('verifying', seal.told),
    bridge.on('revealed', reveal),
    bridge.on('exporting', useRowExport().told),
    bridge.on('command', (command) => void useCommands().run(command)),
    registerAppCommands(),
  ];
  onBeforeUnmount(() => {
    for (const end of ends) end();
  });

  void settings.load();
  void captures.loadRecent();
  void useLeft().load();
  void useReference().load();
  void useAppFacts().load();
}
