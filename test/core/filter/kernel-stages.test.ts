/** What the kernel did within calls, as the indexes tell it: the same as the judge knows once everything was read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { KernelStages } from '#core/filter/kernel-stages.ts';
import { Members } from '#core/filter/members.ts';
import { removeFolders } from '../builder.ts';
import { ended } from '../ended.ts';
import { buildCrowd } from './crowd.ts';

let capture: Capture;
let survey: Attempts['survey'];
let stages: KernelStages;
let calls: { readonly seq: number; readonly callId: number }[];

beforeAll(() => {
  capture = openCapture(buildCrowd(8, 1200));
  const attempts = new Attempts(capture, new EventReader(capture));
  survey = attempts.survey;
  survey.step(Infinity);
  stages = new KernelStages(capture.database);
  calls = capture.database
    .prepare<[], [number, number]>(
      "SELECT seq, call_id FROM event WHERE kind IN ('finit_module', 'init_module', 'delete_module')",
    )
    .raw()
    .safeIntegers(false)
    .all()
    .map(([seq, callId]) => ({ seq, callId }));
});

afterAll(() => {
  capture.close();
  removeFolders();
});

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

const seqs = (): number[] => calls.map(({ seq }) => seq);

test.each([true, false])('calls with a load, or a free: loads %s', (loads) => {
  const known = calls.filter(({ callId }) => survey.kernelsSeq(callId, loads) !== undefined);
  expect(known.length).toBeGreaterThan(100);
  expect(ascending(stages.withChange(seqs(), loads))).toEqual(ascending(known.map(({ seq }) => seq)));
});

test.each([true, false])('calls whose first load, or free, is among some: loads %s', (loads) => {
  const { modules } = survey.held;
  const changes = Array.from({ length: modules.size }, (_, at) => modules.seqAt(at)).filter((_, at) => at % 3 === 0);
  const wanted = new Set(changes);
  const known = calls.filter(({ callId }) => wanted.has(Number(survey.kernelsSeq(callId, loads) ?? -1)));
  expect(known.length).toBeGreaterThan(20);
  expect(ascending(stages.callsOf(changes.map(BigInt), loads))).toEqual(ascending(known.map(({ seq }) => seq)));
});

test('calls that shared a load, of any or of some', () => {
  const known = seqs().filter((seq) => survey.sharedLoad(seq) !== undefined);
  expect(known.length).toBeGreaterThan(50);
  const sharing = ended(stages.sharingOn(new Set(stages.filesOf(seqs()))));
  if (!sharing) throw new Error('there are too many');
  expect(ascending(stages.shared(seqs(), sharing, undefined))).toEqual(ascending(known));
  const some = new Members();
  for (const seq of known.filter((_, at) => at % 2 === 0)) some.add(survey.sharedLoad(seq) ?? 0n);
  const sharers = known.filter((seq) => some.has(survey.sharedLoad(seq) ?? -1n));
  expect(ascending(stages.shared(seqs(), sharing, some))).toEqual(ascending(sharers));
  // All of them lie on the files of those loads, by one name or another.
  const files = new Set(stages.filesOfLoads([...some.values()]));
  const fewer = ended(stages.sharingOn(files));
  const ids = new Set(ended(stages.alike(files)));
  const fileOf = capture.database.prepare<[number], bigint>('SELECT file_id FROM event WHERE seq = ?').pluck();
  expect(sharers.every((seq) => ids.has(fileOf.get(seq) ?? -1n))).toBe(true);
  expect(fewer && ascending(stages.shared(seqs(), fewer, some))).toEqual(ascending(sharers));
});
