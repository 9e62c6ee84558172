/** A capture that is looked at while it grows says at every moment what one says that is opened then. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

const ORDER = { sort: 'time', descending: false, start: 0, limit: 1000 } as const;
const MODULE = 0x1000;

/** What may be recorded between two looks; each speaks of the latest call, where there is one. */
type Deed = (built: CaptureBuilder, latest: { callId: number; file: number }) => void;

const DEEDS: readonly Deed[] = [
  (built, latest) => {
    latest.callId = built.call({ file: latest.file });
  },
  (built, latest) => {
    latest.callId = built.call({ returned: 0, file: latest.file, took: 5_000_000 });
  },
  (built, latest) => {
    latest.callId = built.call({ returned: -17, file: latest.file });
  },
  (built, latest) => {
    latest.callId = built.call({ kind: 'delete_module', returned: 0, text: 'one' });
  },
  (built, latest) => {
    latest.callId = built.call({ returned: 0, file: latest.file });
    built.load(latest.callId, MODULE, 'one');
  },
  (built, latest) => void built.load(latest.callId, MODULE, 'one'),
  (built, latest) => void built.free(latest.callId, MODULE, 'one'),
  (built) => {
    const seq = built.database.prepare<[], number>('SELECT max(seq) FROM event WHERE call_id NOT NULL').pluck().get();
    const known = built.database
      .prepare<[number], unknown>(
        'SELECT 1 FROM event WHERE seq = ? AND return_value IS NULL AND seq NOT IN (SELECT seq FROM call_return)',
      )
      .get(seq ?? 0);
    if (known !== undefined) built.insert('call_return', { seq: seq ?? 0, return_value: 0, duration_ns: 9_000_000 });
  },
  (built) => void built.loss('ring-stage', 3, built.tick() - 10_000, built.tick()),
  (built) =>
    void built.look(
      [
        { view: 'proc_modules', modules: [] },
        { view: 'sysfs', modules: [{ name: 'one', address: MODULE }] },
      ],
      built.tick(),
    ),
];

function told(capture: OpenedCapture): unknown {
  const { rows } = capture.attempts(ORDER);
  const { attemptsByVerdict, hiddenModules, contradictions } = capture.info();
  return {
    verdicts: rows.map(({ callId, verdict }) => [callId, verdict]),
    attemptsByVerdict,
    hiddenModules,
    contradictions,
  };
}

test('verdicts and findings', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: DEEDS.length - 1 }), { minLength: 1, maxLength: 4 }), {
        minLength: 2,
        maxLength: 12,
      }),
      (commits) => {
        const built = new CaptureBuilder();
        const latest = { callId: 0, file: built.file('/m/one.ko', 1) };
        built.event('capture_start');
        const growing = new OpenedCapture(built.path);
        for (const commit of commits) {
          built.database.transaction(() => {
            for (const deed of commit) DEEDS[deed]?.(built, latest);
          })();
          const afresh = new OpenedCapture(built.path);
          expect(told(growing)).toEqual(told(afresh));
          afresh.close();
        }
        growing.close();
        built.abandon();
      },
    ),
    { numRuns: 40 },
  );
});
