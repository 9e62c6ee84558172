/** Images counted a step at a time are those that are counted at once, and what is kept of them is bounded. */
import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '../../../core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

/** So many that they are not counted in one step. */
const CALLS = 6000;
const built = new CaptureBuilder();
for (let nth = 0; nth < CALLS; nth++) {
  const call = built.call({ returned: nth % 3 === 0 ? -8 : 0 });
  // A third of the calls share one image, the others have images of their own.
  built.keptImage(call, Buffer.from(nth % 3 === 1 ? 'shared' : `image ${String(nth)}`));
}
const path = built.finish();

test('asked again and again, the list ends with what is counted at once', () => {
  const [stepwise, whole] = [new OpenedCapture(path, 'stepwise'), new OpenedCapture(path)];
  let list = stepwise.imageList();
  for (let before = 0; list.progress; list = stepwise.imageList()) {
    expect(list.progress.done).toBeGreaterThanOrEqual(before);
    before = list.progress.done;
  }
  const expected = whole.images();
  expect(list.total).toBe(expected.length);
  expect(list.rows).toEqual(
    expected.map((row) => ({ ...row, seqs: row.seqs.slice(0, 1), callIds: row.callIds.slice(0, 1) })),
  );
  const shared = expected.find(({ loads }) => loads > 1);
  expect(shared?.callIds).toHaveLength(Math.ceil((CALLS - 1) / 3));
  const { row } = stepwise.imageUse(shared?.sha256 ?? '');
  expect(row?.loads).toBe(shared?.loads);
  // The number is that of all, the calls are the first ones.
  expect(row?.callIds).toEqual(shared?.callIds.slice(0, 500));
  expect(stepwise.imageUse('00'.repeat(32))).toEqual({});
  stepwise.close();
  whole.close();
});

test('a capture that has grown is counted anew', () => {
  const growing = new CaptureBuilder();
  growing.keptImage(growing.call({ returned: 0 }), Buffer.from('one'));
  const capture = new OpenedCapture(growing.path, 'stepwise');
  expect(capture.imageList().rows.map(({ loads }) => loads)).toEqual([1]);
  growing.keptImage(growing.call({ returned: 0 }), Buffer.from('one'));
  growing.keptImage(growing.call({ returned: 0 }), Buffer.from('two'));
  expect(capture.imageList().rows.map(({ loads }) => loads)).toEqual([2, 1]);
  capture.close();
  growing.finish();
});

test('calls that are identical to one count with what it read, and it has its file and its last name', () => {
  const alike = new CaptureBuilder();
  const file = alike.file('/tmp/x.ko', 7);
  const call = alike.call({ returned: -8, file });
  alike.keptImage(call, Buffer.from('bytes'));
  alike.load(call, 0x1000, 'first');
  alike.load(call, 0x2000, 'last');
  const [first = 0] = alike.database.prepare<[], number>('SELECT min(seq) FROM event').pluck().all();
  const before = new OpenedCapture(alike.path);
  const [alone] = before.images();
  before.close();
  alike.call({ returned: -8, repeat: 40, like: first, lastNs: 9_000_000 });
  alike.call({ returned: -8, repeat: 2, like: first, lastNs: 8_000_000 });
  const capture = new OpenedCapture(alike.finish());
  const [image, ...others] = capture.images();
  capture.close();
  expect(others).toEqual([]);
  expect(image).toMatchObject({ loads: 43, names: ['last'], paths: ['/tmp/x.ko'], callIds: [call] });
  expect(Date.parse(image?.lastTime ?? '')).toBeGreaterThan(Date.parse(alone?.lastTime ?? ''));
});

test('a call that was made up with thousands of readings, and numbers far apart, are counted to the end', () => {
  const odd = new CaptureBuilder();
  const call = odd.call({ returned: 0 });
  for (let nth = 0; nth < 3000; nth++) odd.keptImage(call, Buffer.from('the same'));
  odd.call({ returned: -8, repeat: 5, like: 1 });
  odd.insert('event', { seq: 2 ** 52, ns: odd.tick(), kind: 'clock' });
  const capture = new OpenedCapture(odd.finish(), 'stepwise');
  let list = capture.imageList();
  while (list.progress) list = capture.imageList();
  expect(list.total).toBe(1);
  expect(list.rows[0]?.loads).toBeGreaterThanOrEqual(3000);
  capture.close();
});

test('bytes that a call handed over itself came from memory; without a path it is not known where others came from', () => {
  const odd = new CaptureBuilder();
  odd.keptImage(odd.call({ kind: 'init_module', returned: 0 }), Buffer.from('handed over'));
  odd.keptImage(odd.call({ kind: 'finit_module', returned: 0 }), Buffer.from('read'));
  const capture = new OpenedCapture(odd.finish());
  expect(capture.images().map(({ fromMemory, paths }) => [fromMemory, paths])).toEqual([
    [true, []],
    [undefined, []],
  ]);
  capture.close();
});

test('the first time is the earliest one, whichever reading was recorded first', () => {
  const swapped = new CaptureBuilder();
  const same = { sha256: Buffer.alloc(32, 1), state: 'skipped' };
  const [late, early] = [swapped.call({ ns: 5_000_000, returned: 0 }), swapped.call({ ns: 3_000_000, returned: -17 })];
  swapped.image(late, 100, 5_001_000, same);
  swapped.image(early, 100, 3_001_000, same);
  const capture = new OpenedCapture(swapped.finish());
  const times = capture.images().map(({ firstTime, lastTime }) => [firstTime, lastTime]);
  expect(times).toEqual([['2023-11-14T22:13:20.003001000Z', '2023-11-14T22:13:20.005001000Z']]);
  capture.close();
});
