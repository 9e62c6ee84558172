/** Sorted and filtered lists that are looked at while their capture grows. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { AttemptColumn, Page, PageRequest } from '#contract/page.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

const EVENTS = 600;
const MODULE = 0x1000;

function record(built: CaptureBuilder, calls: number): void {
  built.database.transaction(() => {
    for (let at = 0; at < calls; at++) {
      // Now and then before the ones that were recorded before it.
      const ns = built.tick() - (at % 5 === 0 ? 3000 : 0);
      const call = built.call({ ns, returned: [0, -1, -17][at % 3] ?? 0, text: at % 2 === 0 ? 'debug=1' : 'x' });
      if (at % 3 === 0 && at % 2 === 0) built.load(call, MODULE + 64 * call, 'one');
    }
  })();
}

const ORDERS: readonly Omit<PageRequest<AttemptColumn>, 'start' | 'limit'>[] = [
  { sort: 'time', descending: false, filter: 'verdict == live' },
  { sort: 'time', descending: true, filter: 'errno == EPERM' },
  { sort: 'time', descending: false, filter: 'param_values contains "debug"' },
  { sort: 'errno', descending: false },
  { sort: 'module', descending: true, filter: 'verdict == rejected' },
];

function settled(capture: OpenedCapture, ask: () => Page<Attempt>): Page<Attempt> {
  let page = ask();
  for (const end = performance.now() + 20_000; page.progress && performance.now() < end; page = ask()) capture.work(5);
  return page;
}

test.each(ORDERS)('one stays until another is made, and is right in the end: %o', (order) => {
  const request = { ...order, start: 0, limit: 1000 };
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 3 })), { maxLength: 6 }), (growth) => {
      const built = new CaptureBuilder();
      record(built, EVENTS / 2);
      const capture = new OpenedCapture(built.path, 'stepwise');
      let { total } = settled(capture, () => capture.attempts(request));
      expect(total).toBeGreaterThan(20);
      for (const [calls, steps] of growth) {
        record(built, calls);
        const page = capture.attempts(request);
        expect(page.total).toBeGreaterThanOrEqual(total);
        expect(page.rows).toHaveLength(page.total);
        expect(page.progress).toBeDefined();
        ({ total } = page);
        for (let step = 0; step < steps; step++) capture.work(1);
      }
      const end = settled(capture, () => capture.attempts(request));
      const afresh = new OpenedCapture(built.path);
      expect(end).toEqual(afresh.attempts(request));
      afresh.close();
      capture.close();
      built.abandon();
    }),
    { numRuns: 8 },
  );
});
