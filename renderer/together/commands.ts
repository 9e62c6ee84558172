/** Movements on the common axis: the keys of the timeline. */
import type { Command } from '../commands/registry.ts';
import { useTogether } from '../stores/together.ts';
import { useView } from '../stores/view.ts';

const ZOOM = 1.4;
const STEP = 0.15;

export function togetherCommands(): Command[] {
  const together = useTogether();
  const view = useView();
  const base = { group: 'Timeline', quiet: true, when: () => view.view === 'together' } as const;
  return [
    { ...base, id: 'together-in', title: 'Zoom in', keys: ['W'], run: () => together.zoomMiddle(1 / ZOOM) },
    { ...base, id: 'together-out', title: 'Zoom out', keys: ['S'], run: () => together.zoomMiddle(ZOOM) },
    { ...base, id: 'together-left', title: 'Move left', keys: ['A'], run: () => together.panBy(-STEP) },
    { ...base, id: 'together-right', title: 'Move right', keys: ['D'], run: () => together.panBy(STEP) },
    { ...base, id: 'together-all', title: 'Show all', keys: ['0', 'F'], run: together.showAll },
    { ...base, id: 'together-leave', title: 'Back to the capture', keys: ['Escape'], run: view.leaveModule },
  ];
}
