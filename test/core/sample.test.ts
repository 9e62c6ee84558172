/** The recorded sample: what a real kernel did, and the shapes that the command line prints, to the letter. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { LOAD_STAGES, LOAD_VERDICTS, UNLOAD_STAGES, UNLOAD_VERDICTS, type Attempt } from '#contract/attempt.ts';
import { CALL_KINDS, EVENT_KINDS, type Event } from '#contract/event.ts';
import { attemptStory } from '#core/attempt/story.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';

let capture: OpenedCapture;
let attempts: readonly Attempt[];
let events: readonly Event[];

beforeAll(() => {
  capture = new OpenedCapture(join(import.meta.dirname, '../../samples/sample.modtrail'));
  attempts = capture.attempts({ sort: 'time', descending: false, start: 0, limit: 1000 }).rows;
  events = capture.events({ sort: 'seq', descending: false, start: 0, limit: 1000 }).rows;
});
afterAll(() => {
  capture.close();
});

const wide = z.union([z.int(), z.string().regex(/^-?\d+$/)]);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
const some = <S extends z.ZodType>(shape: S) => shape.exactOptional();

const file = z.looseObject({ path: some(z.string()), pathState: z.enum(['whole', 'cut', 'unreadable']) });
const image = z.strictObject({
  sha256: some(z.string().regex(/^[0-9a-f]{64}$/)),
  size: wide,
  received: wide,
  complete: z.boolean(),
  state: z.enum(['kept', 'skipped', 'incomplete', 'not-copied']),
  reason: some(z.string()),
});
const module = z.looseObject({ name: z.string(), taints: some(z.array(z.string())) });
const caller = z.looseObject({
  pid: z.int(),
  ppid: some(z.int()),
  uid: some(z.int()),
  auid: some(z.int()),
  comm: z.string(),
  exe: some(z.string()),
  argv: some(z.array(z.string())),
  ancestors: z.array(z.looseObject({ pid: z.int(), comm: z.string() })),
});
const argument = z.looseObject({
  name: z.string(),
  type: z.string(),
  origin: z.enum(['K', 'U']),
  toctou: z.boolean(),
  optional: z.boolean(),
  value: some(z.union([wide, z.string(), z.null()])),
  text: some(z.string()),
});
const event = z.looseObject({
  seq: z.int(),
  time,
  ns: wide,
  kind: z.enum(EVENT_KINDS),
  callId: some(z.int()),
  pid: some(z.int()),
  tid: some(z.int()),
  process: some(caller),
  args: some(z.array(argument)),
  returnValue: some(wide),
  errno: some(z.string().regex(/^E[A-Z0-9]+$/)),
  file: some(file),
  image: some(image),
  module: some(module),
  repeat: z.int().min(1),
});
const stageOf = (names: readonly string[]) =>
  z.looseObject({
    stage: z.enum(names as [string, ...string[]]),
    state: z.enum(['done', 'failed', 'not-reached', 'unknown', 'contradiction']),
    time: some(time),
    detail: z.string().min(1),
  });
const shared = {
  callId: z.int(),
  module: some(module),
  returnValue: some(wide),
  errno: some(z.string()),
  process: some(caller),
  file: some(file),
  image: some(image),
  contradictions: z.array(z.looseObject({ code: z.string(), text: z.string() })),
};
const attempt = z.union([
  z.looseObject({
    operation: z.literal('load'),
    verdict: z.enum(LOAD_VERDICTS),
    stages: z.array(stageOf(LOAD_STAGES)).length(7),
    ...shared,
  }),
  z.looseObject({
    operation: z.literal('unload'),
    verdict: z.enum(UNLOAD_VERDICTS),
    stages: z.array(stageOf(UNLOAD_STAGES)).length(3),
    ...shared,
  }),
]);

test('events have the documented shape', () => {
  for (const each of events) expect(event.safeParse(JSON.parse(JSON.stringify(each))).error).toBeUndefined();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
});

test('attempts have the documented shape', () => {
  for (const each of attempts) expect(attempt.safeParse(JSON.parse(JSON.stringify(each))).error).toBeUndefined();
});

test('every call is an attempt, once, with the same values', () => {
  const calls = events.filter(({ kind }) => (CALL_KINDS as readonly string[]).includes(kind));
  expect(attempts.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(calls.map(({ seq }) => seq));
  for (const call of calls) {
    const same = attempts.find(({ seq }) => seq === call.seq);
    for (const name of ['callId', 'time', 'ns', 'kind', 'args', 'returnValue', 'errno', 'process', 'file'] as const) {
      expect(same?.[name], name).toEqual(call[name]);
    }
  }
});

test('every caller has a whole chain of parents', () => {
  for (const { process } of attempts) {
    // Programs that the kernel starts descend from kthreadd, all others from init.
    expect([1, 2]).toContain(process?.ancestors.at(-1)?.pid ?? process?.ppid);
    expect(process?.ancestors[0]?.pid).toBe(process?.ppid);
  }
});

test('a load is live only by the kernel’s own word', () => {
  const loaded = new Set(events.filter(({ kind }) => kind === 'module_load').map(({ callId }) => callId));
  for (const { verdict, callId } of attempts) {
    if (verdict === 'live' || verdict === 'unloaded' || verdict === 'init-failed')
      expect(loaded.has(callId)).toBe(true);
    if (verdict === 'rejected') expect(loaded.has(callId)).toBe(false);
  }
});

test('no paragraph of the story says a thing twice', () => {
  for (const attempt of attempts) {
    const [, told = ''] = / In order: (.*?)\.(?: Caller: |$)/s.exec(attemptStory(attempt)) ?? [];
    const clauses = told.split('; ');
    for (const [at, clause] of clauses.entries()) expect(clauses.slice(0, at).join('; ')).not.toContain(clause);
  }
});

test('the story has what it promises', () => {
  const refused = new Set(attempts.filter(({ verdict }) => verdict === 'rejected').map(({ errno }) => errno));
  expect([...refused]).toEqual(expect.arrayContaining(['ENOEXEC', 'EEXIST', 'ENOENT', 'EINVAL', 'EPERM']));
  const verdicts = new Set(attempts.map(({ verdict }) => verdict));
  expect([...verdicts]).toEqual(expect.arrayContaining(['live', 'unloaded', 'removed', 'refused', 'init-failed']));
  expect(attempts.some(({ kind, verdict }) => kind === 'init_module' && verdict === 'live')).toBe(true);
  expect(attempts.some(({ file: from }) => from?.path?.startsWith('/memfd:'))).toBe(true);
  for (const { callId } of attempts) expect(capture.attemptStory(callId)).toMatch(/^\d{4}-.* In order: .+\./s);
});

test('the timeline shows every attempt and every module', () => {
  const info = capture.info();
  const { marks, lifetimes } = capture.timeline({ fromNs: info.firstNs, toNs: info.lastNs, columns: 16384 });
  expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(attempts.length);
  const loads = events.filter(({ kind }) => kind === 'module_load').length;
  expect(lifetimes.filter(({ before }) => !before)).toHaveLength(loads);
});
