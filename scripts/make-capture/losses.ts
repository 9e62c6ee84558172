/** What did not reach the recorder, with the interval in which that was. */
import { MadeEvent } from './records.ts';
import type { Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';

const SOURCES = [
  ...['ring-call', 'ring-call', 'ring-image', 'ring-call', 'thread-table', 'ring-return', 'ring-call', 'ring-stage'],
] as const;

/** One event each. */
export function* losses(scene: Scene, timeline: Timeline, count: number): Generator<number> {
  const random = scene.random.branch('losses');
  const moments = Array.from({ length: count }, () => timeline.moment(random.unit() * timeline.busy)).sort(
    (a, b) => a - b,
  );
  for (const [at, now] of moments.entries()) {
    yield now;
    const from = Math.floor(now - random.logarithmic(1e6, 9e8));
    const event = new MadeEvent('loss', from);
    const lost = Math.floor(random.logarithmic(1, 20_000));
    event.fact = { table: 'loss_fact', cells: [SOURCES[at % SOURCES.length] ?? 'ring-call', lost, from, now] };
    scene.journal.add(now, event);
  }
}
