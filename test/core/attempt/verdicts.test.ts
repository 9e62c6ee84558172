/** The verdict that a kernel developer would give, case by case. */
import { afterAll, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { ALL_HOOKS, CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

/** All attempts of a finished capture, in order of time. */
function attemptsOf(builder: CaptureBuilder): Attempt[] {
  const capture = new OpenedCapture(builder.finish());
  const rows = capture.attempts({ sort: 'time', descending: false, start: 0, limit: 1000 }).rows;
  const counts: Record<string, number> = {};
  for (const { verdict } of rows) counts[verdict] = (counts[verdict] ?? 0) + 1;
  // The brief judgement of the list and the joined one of the row must never differ.
  expect(capture.info().attemptsByVerdict).toEqual(counts);
  capture.close();
  return [...rows];
}

function states(attempt: Attempt | undefined): Record<string, string> {
  return Object.fromEntries((attempt?.stages ?? []).map(({ stage, state }) => [stage, state]));
}

function detail(attempt: Attempt | undefined, name: string): string {
  return attempt?.stages.find(({ stage }) => stage === name)?.detail ?? '';
}

test('a load that the kernel confirms is live', () => {
  const built = new CaptureBuilder();
  const call = built.call({ returned: 0, file: built.file('/tmp/my-mod.ko', 7), took: 9000 });
  built.image(call, 4711);
  built.load(call, 0x1000, 'my_mod');
  const [attempt] = attemptsOf(built);
  expect(attempt).toMatchObject({
    operation: 'load',
    verdict: 'live',
    module: { name: 'my_mod', nameFrom: 'kernel', taints: ['out-of-tree module'] },
    image: { size: 4711, received: 0, complete: false, state: 'not-copied' },
    contradictions: [],
  });
  expect(attempt?.stages.map(({ stage }) => stage)).toEqual([
    'requested', 'called', 'bytes read', 'accepted', 'init ran', 'live', 'unloaded',
  ]); // prettier-ignore
  expect(Object.values(states(attempt))).toEqual([
    'not-reached', 'done', 'done', 'done', 'done', 'done', 'not-reached',
  ]); // prettier-ignore
});

test('a positive return of init does not make a module less live', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: 1 }), 0x1000, 'odd');
  expect(attemptsOf(built)[0]?.verdict).toBe('live');
});

test('load and free in one call that failed: init ran and failed', () => {
  const built = new CaptureBuilder();
  const call = built.call({ returned: -19, took: 9000 });
  built.image(call, 10);
  built.load(call, 0x1000, 'unlucky');
  built.free(call, 0x1000, 'unlucky');
  const [attempt] = attemptsOf(built);
  expect(attempt).toMatchObject({ verdict: 'init-failed', errno: 'ENODEV', contradictions: [] });
  expect(states(attempt)).toMatchObject({ accepted: 'done', 'init ran': 'failed', live: 'not-reached' });
  expect(attempt?.summary).toContain('its code did execute');
});

test('a failure whose module stays in the kernel is a contradiction', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: -8 }), 0x1000, 'sticky');
  const [attempt] = attemptsOf(built);
  expect(attempt?.verdict).toBe('contradiction');
  expect(attempt?.contradictions.map(({ code }) => code)).toEqual(['failure-but-loaded']);
  expect(states(attempt)['live']).toBe('contradiction');
});

test('success without a load is a contradiction', () => {
  const built = new CaptureBuilder();
  built.image(built.call({ returned: 0, file: built.file('/tmp/x.ko', 7) }), 12);
  const [attempt] = attemptsOf(built);
  expect(attempt?.verdict).toBe('contradiction');
  expect(attempt?.contradictions.map(({ code }) => code)).toEqual(['success-without-load']);
  expect(states(attempt)).toMatchObject({ accepted: 'contradiction', live: 'contradiction' });
});

test('success without a load is no contradiction where records were lost meanwhile', () => {
  const built = new CaptureBuilder();
  const ns = built.tick();
  built.call({ ns, returned: 0 });
  built.loss('ring-stage', 3, ns + 100, ns + 200);
  const [attempt] = attemptsOf(built);
  expect(attempt).toMatchObject({ verdict: 'live', contradictions: [] });
  expect(states(attempt)).toMatchObject({ accepted: 'unknown', live: 'unknown' });
});

test.each([
  ['ring-call', 100, 200],
  ['ring-stage', 5000, 6000],
])('a loss of %s from %i to %i explains nothing', (source, from, to) => {
  const built = new CaptureBuilder();
  const ns = built.tick();
  built.call({ ns, returned: 0, took: 500 });
  built.loss(source, 1, ns + from, ns + to);
  expect(attemptsOf(built)[0]?.verdict).toBe('contradiction');
});

test('what was not watched is unknown, not absent', () => {
  const built = new CaptureBuilder([]);
  built.call({ returned: 0, file: built.file('/tmp/x.ko', 7) });
  built.call({ returned: -8, file: built.file('/tmp/x.ko', 7) });
  built.call({ kind: 'delete_module', returned: 0, text: 'x' });
  const [load, refused, removed] = attemptsOf(built);
  expect(load).toMatchObject({ verdict: 'live', contradictions: [] });
  expect(Object.values(states(load))).toEqual([
    'unknown', 'done', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown',
  ]); // prettier-ignore
  expect(load?.summary).toContain('was told');
  expect(states(refused)).toMatchObject({ requested: 'unknown', 'bytes read': 'unknown', accepted: 'failed' });
  expect(removed).toMatchObject({ verdict: 'removed', contradictions: [] });
  expect(states(removed)).toEqual({ called: 'done', 'exit ran': 'unknown', unloaded: 'unknown' });
});

test('the list of modules at the end confirms a load whose record is missing', () => {
  const built = new CaptureBuilder([]);
  built.call({ returned: 0, file: built.file('/tmp/my-x.ko', 7) });
  const seq = built.snapshot('stop', ['my_x']);
  const [attempt] = attemptsOf(built);
  expect(attempt?.stages.find(({ stage }) => stage === 'live')).toMatchObject({ state: 'done', evidence: [1, seq] });
});

test('reading is watched hook by hook', () => {
  const built = new CaptureBuilder(ALL_HOOKS.filter(([, target]) => target !== 'security_kernel_post_load_data'));
  built.call({ kind: 'init_module', returned: -14, args: [4096, 10, 0] });
  built.call({ returned: -9, args: [-1, 0, 0] });
  const [memory, file] = attemptsOf(built);
  expect(states(memory)['bytes read']).toBe('unknown');
  expect(states(file)).toMatchObject({ 'bytes read': 'failed', accepted: 'not-reached' });
});

test('a kernel without modules refuses before anything', () => {
  const built = new CaptureBuilder([]);
  built.call({ returned: -38 });
  const [attempt] = attemptsOf(built);
  expect(attempt).toMatchObject({ verdict: 'rejected', errno: 'ENOSYS' });
  expect(states(attempt)).toMatchObject({ 'bytes read': 'failed', accepted: 'not-reached', live: 'not-reached' });
});

test('a return that came late counts like any other', () => {
  const built = new CaptureBuilder();
  const call = built.call({ returned: 0, late: true, took: 5_000_000_000 });
  built.load(call, 0x1000, 'slow');
  expect(attemptsOf(built)[0]).toMatchObject({ verdict: 'live', durationNs: 5_000_000_000, returnValue: 0 });
});

test('a call without a return: the stages that are known so far', () => {
  const built = new CaptureBuilder();
  const call = built.call({});
  built.image(call, 10);
  built.load(call, 0x1000, 'endless');
  built.call({});
  const [running, entered] = attemptsOf(built);
  expect(running).toMatchObject({ verdict: 'no-return', module: { name: 'endless' } });
  expect(running).not.toHaveProperty('returnValue');
  expect(running).not.toHaveProperty('errno');
  expect(states(running)).toMatchObject({
    'bytes read': 'done',
    accepted: 'done',
    'init ran': 'unknown',
    live: 'unknown',
  });
  expect(entered?.verdict).toBe('no-return');
  expect(states(entered)).toMatchObject({ called: 'done', 'bytes read': 'unknown', accepted: 'unknown' });
});

test('a return that may be among the losses is not called a hanging call', () => {
  const built = new CaptureBuilder();
  const ns = built.tick();
  built.load(built.call({ ns }), 0x1000, 'm');
  built.loss('ring-return', 1, ns + 10, ns + 20);
  const [attempt] = attemptsOf(built);
  expect(attempt?.verdict).toBe('no-return');
  expect(attempt?.summary).toContain('records were lost');
});

test('removed by another call: unloaded, by whom and after how long', () => {
  const built = new CaptureBuilder();
  const load = built.call({ returned: 0, took: 5000 });
  built.load(load, 0x1000, 'guest');
  const removal = built.call({ kind: 'delete_module', returned: 0, text: 'guest', args: [4096, 0x800] });
  built.free(removal, 0x1000, 'guest');
  const [loaded, removed] = attemptsOf(built);
  expect(loaded).toMatchObject({ verdict: 'unloaded', contradictions: [] });
  expect(detail(loaded, 'unloaded')).toContain(`by call ${String(removal)}`);
  expect(removed).toMatchObject({
    operation: 'unload',
    verdict: 'removed',
    module: { name: 'guest', nameFrom: 'kernel' },
  });
  expect(states(removed)).toEqual({ called: 'done', 'exit ran': 'done', unloaded: 'done' });
});

test('one name loaded twice, one address used twice: each life has its own end', () => {
  const built = new CaptureBuilder();
  const first = built.call({ returned: 0, took: 3000 });
  built.load(first, 0x1000, 'twin');
  built.free(built.call({ kind: 'delete_module', returned: 0, text: 'twin', args: [1, 0] }), 0x1000, 'twin');
  const second = built.call({ returned: 0, took: 3000 });
  built.load(second, 0x1000, 'twin');
  expect(attemptsOf(built).map(({ verdict }) => verdict)).toEqual(['unloaded', 'removed', 'live']);
});

test('a module whose place in memory another one takes is gone, though its free is not recorded', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: 0, took: 3000 }), 0x1000, 'first');
  built.load(built.call({ returned: 0, took: 3000 }), 0x1000, 'second');
  const [first, second] = attemptsOf(built);
  expect(first?.verdict).toBe('unloaded');
  expect(detail(first, 'unloaded')).toContain('not recorded');
  expect(first?.stages.at(-1)).not.toHaveProperty('time');
  expect(second?.verdict).toBe('live');
});

test('a duplicate is rejected while the first stays live', () => {
  const built = new CaptureBuilder();
  const file = built.file('/tmp/dup.ko', 7);
  built.load(built.call({ returned: 0, took: 3000, file }), 0x1000, 'dup');
  built.image(built.call({ returned: -17, file, ns: 9_000_000 }), 10, 9_000_100);
  const [first, second] = attemptsOf(built);
  expect(first?.verdict).toBe('live');
  expect(second).toMatchObject({ verdict: 'rejected', errno: 'EEXIST' });
  expect(second?.summary).toContain('a module named dup is already loaded');
});

/** From 6.5 on, calls on one inode at one moment share a load. */
function shared(returned: number): CaptureBuilder {
  const built = new CaptureBuilder();
  const winner = built.call({ ns: 10_000, returned, took: 10_000, file: built.file('/m/cpu.ko', 7, { size: 1 }) });
  built.image(winner, 10, 11_000);
  built.load(winner, 0x1000, 'cpu', 12_000);
  if (returned < 0) built.free(winner, 0x1000, 'cpu', 19_000);
  built.call({ ns: 11_000, returned, took: 9_500, file: built.file('/m/cpu.ko', 7, { size: 2 }), tid: 101 });
  return built;
}

test('a call that shared the load of another is live with it', () => {
  const [winner, other] = attemptsOf(shared(0));
  expect(winner?.verdict).toBe('live');
  expect(other).toMatchObject({ verdict: 'live', contradictions: [], module: { name: 'cpu', nameFrom: 'kernel' } });
  expect(states(other)).toMatchObject({ 'bytes read': 'not-reached', accepted: 'done', live: 'done' });
  expect(detail(other, 'accepted')).toContain('call 1');
});

test('a call that shared a load whose init failed says so', () => {
  const [winner, other] = attemptsOf(shared(-19));
  expect([winner?.verdict, other?.verdict]).toEqual(['init-failed', 'init-failed']);
  expect(states(other)).toMatchObject({
    accepted: 'done',
    'init ran': 'failed',
    live: 'not-reached',
    unloaded: 'not-reached',
  });
});

test('no load is shared with a call that read the file itself, came later, or used another file', () => {
  const built = shared(0);
  built.image(built.call({ ns: 12_000, returned: 0, file: 1 }), 10, 12_100);
  built.call({ ns: 30_000, returned: 0, file: 1 });
  built.call({ ns: 12_500, returned: 0, file: built.file('/m/other.ko', 8) });
  const verdicts = attemptsOf(built).map(({ callId, verdict }) => [callId, verdict]);
  expect(verdicts.filter(([, verdict]) => verdict === 'contradiction').map(([callId]) => callId)).toEqual([3, 5, 4]);
});

test('no load is shared with a call that returned something else', () => {
  const built = shared(0);
  built.call({ ns: 12_000, returned: -17, file: 1 });
  const last = attemptsOf(built).find(({ callId }) => callId === 3);
  expect(last).toMatchObject({ verdict: 'rejected', module: { nameFrom: 'file' } });
  expect(states(last)['bytes read']).toBe('unknown');
});

test('a module that the kernel never freed and its list does not show', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: 0, took: 2000 }), 0x1000, 'ghost');
  built.snapshot('stop', ['something_else']);
  const [attempt] = attemptsOf(built);
  expect(attempt?.verdict).toBe('live');
  expect(attempt?.contradictions.map(({ code }) => code)).toEqual(['live-but-unlisted']);
  expect(states(attempt)).toMatchObject({ live: 'done', unloaded: 'unknown' });
});

test('a module missing from the list is no wonder where its free may be lost', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: 0, took: 2000 }), 0x1000, 'ghost');
  const ns = built.tick();
  built.loss('ring-stage', 1, ns, ns + 10);
  built.snapshot('stop', []);
  expect(attemptsOf(built)[0]?.contradictions).toEqual([]);
});

test('an unload that fails, that is denied, that lies', () => {
  const built = new CaptureBuilder();
  built.call({ kind: 'delete_module', returned: -11, text: 'busy', args: [1, 0x800] });
  built.call({ kind: 'delete_module', returned: 0, text: 'kept', args: [1, 0] });
  built.free(built.call({ kind: 'delete_module', returned: -16, text: 'gone', args: [1, 0], took: 9000 }), 0x9, 'gone');
  built.call({ kind: 'delete_module', text: 'hangs', args: [1, 0] });
  const [refused, denied, lied, hangs] = attemptsOf(built);
  expect(refused).toMatchObject({
    verdict: 'refused',
    errno: 'EAGAIN',
    module: { name: 'busy', nameFrom: 'argument' },
  });
  expect(states(refused)).toEqual({ called: 'done', 'exit ran': 'failed', unloaded: 'not-reached' });
  expect(denied?.contradictions.map(({ code }) => code)).toEqual(['removed-without-free']);
  expect(lied?.contradictions.map(({ code }) => code)).toEqual(['refused-but-freed']);
  expect([denied, lied, hangs].map((attempt) => attempt?.verdict)).toEqual([
    'contradiction',
    'contradiction',
    'no-return',
  ]);
});

test('a load that the kernel asked for is joined with its request', () => {
  const built = new CaptureBuilder();
  const kthreadd = built.process({ pid: 2, comm: 'kthreadd', detail: 'ancestor' });
  const mounter = built.process({ pid: 50, comm: 'mount' });
  built.request('fs-xfs', mounter, 100);
  const right = built.request('fs-xfs', mounter, 200);
  built.request('fs-xfs', mounter, 900);
  const argv = Buffer.from('/sbin/modprobe\0-q\0--\0fs-xfs\0');
  const helper = { parent_id: kthreadd, parent_pid: 2, argv, argv_state: 'whole', comm: 'modprobe' };
  built.load(
    built.call({ ns: 1000, returned: 0, process: built.process({ ...helper, start_boot_ns: 300 }) }),
    1,
    'xfs',
    1100,
  );
  const byHand = built.process({ argv, argv_state: 'whole', comm: 'modprobe', parent_pid: 77, start_boot_ns: 300 });
  built.load(built.call({ ns: 2000, returned: 0, process: byHand }), 2, 'xfs2', 2100);
  const [asked, typed] = attemptsOf(built);
  expect(asked?.stages[0]).toMatchObject({ stage: 'requested', state: 'done', evidence: [right], ns: 200 });
  expect(asked?.stages[0]?.detail).toContain('mount (50)');
  expect(typed?.stages[0]?.state).toBe('not-reached');
});

test('a request that is missing is not denied', () => {
  const built = new CaptureBuilder();
  const argv = Buffer.from('modprobe\0-q\0--\0fs-xfs\0');
  built.call({ returned: -2, process: built.process({ argv, argv_state: 'whole', parent_pid: 2 }) });
  expect(attemptsOf(built)[0]?.stages[0]?.state).toBe('unknown');
});

test('parameters that changed while the call ran are told, whatever the verdict', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ returned: 0, text: 'a=1', textAtReturn: 'a=2', took: 3000 }), 1, 'm');
  const [attempt] = attemptsOf(built);
  expect(attempt?.verdict).toBe('live');
  expect(attempt?.contradictions).toMatchObject([{ code: 'parameters-changed', evidence: [1] }]);
});

test('every reading of the parameters is told, and differs only where both can be read', () => {
  const built = new CaptureBuilder();
  built.call({ returned: -8, text: 'a=1', textInKernel: 'a=2', textAtReturn: 'a=3' });
  built.call({ returned: -8, text: 'a=1', textInKernel: 'a=1' });
  built.call({ returned: -8, textInKernel: 'late' });
  const [changed, same, late] = attemptsOf(built);
  expect(changed?.args[1]).toMatchObject({ value: 'a=1', atKernel: { text: 'a=2' }, atReturn: { text: 'a=3' } });
  expect(changed?.contradictions.map(({ code }) => code)).toEqual(['parameters-changed']);
  for (const value of ['"a=1"', '"a=2"', '"a=3"']) expect(changed?.contradictions[0]?.text).toContain(value);
  expect(same?.contradictions).toEqual([]);
  expect(late?.args[1]).toMatchObject({ value: 'late', readAt: 'kernel' });
  expect(late?.contradictions).toEqual([]);
});

test('a row of identical calls has text, file and image of the one that is recorded by itself', () => {
  const built = new CaptureBuilder();
  const single = built.call({ returned: -8, file: built.file('/tmp/junk.ko', 7), text: 'a=1' });
  built.keptImage(single, Buffer.from('junk'));
  built.call({ returned: -8, repeat: 500, like: 1, ns: 5_000_000, lastNs: 9_000_000, args: [null, null, null] });
  const [, many] = attemptsOf(built);
  expect(many).toMatchObject({
    verdict: 'rejected',
    repeat: 500,
    likeSeq: 1,
    firstNs: 5_000_000,
    lastNs: 9_000_000,
    file: { path: '/tmp/junk.ko' },
    image: { size: 4, complete: true, state: 'kept' },
  });
  expect(many?.args[1]).toMatchObject({ value: 'a=1' });
});

test('what was made is what was recorded, coalesced, and lost', () => {
  const built = new CaptureBuilder();
  built.call({ returned: -1 });
  built.call({ returned: -1, repeat: 500, like: 1 });
  built.loss('ring-call', 3, 1, 2);
  built.loss('thread-table', 4, 1, 2);
  built.loss('ring-image', 5, 1, 2);
  built.loss('disk', 6, 1, 2); // of which each may be a call
  const capture = new OpenedCapture(built.finish());
  const { calls, losses } = capture.info();
  capture.close();
  expect(calls).toEqual({ recorded: 2, coalesced: 499, lost: 7, made: 508, unsure: 6 });
  expect(losses).toMatchObject({ lost: 18, calls: 7, images: 5, intervals: 4 });
});

const CALL_HOOKS = [...ALL_HOOKS, ['calls', 'sys_enter'], ['calls', 'sys_exit']] as const;
const LATER = 60_000_000_000;

/** Codes of the contradictions that belong to no attempt. */
function loose(built: CaptureBuilder): string[] {
  const capture = new OpenedCapture(built.finish());
  const { contradictions } = capture.info();
  capture.close();
  return contradictions.map(({ code, module }) => `${code} ${module}`);
}

test('a load without a call, a free without a removal', () => {
  const built = new CaptureBuilder(CALL_HOOKS);
  built.load(null, 0x1000, 'sneaked', LATER);
  built.free(null, 0x1000, 'sneaked', LATER + 1000);
  const load = built.call({ returned: 0, ns: LATER + 2000, took: 5000 });
  built.load(load, 0x2000, 'sound', LATER + 3000);
  built.free(built.call({ kind: 'delete_module', returned: 0, text: 'sound', ns: LATER + 9000 }), 0x2000, 'sound');
  expect(loose(built)).toEqual(['load-without-call sneaked', 'free-without-delete sneaked']);
});

test('a load without a call is none where the call may be lost, may have begun before, or was not watched', () => {
  const lost = new CaptureBuilder(CALL_HOOKS);
  lost.load(null, 0x1000, 'm', LATER);
  lost.loss('ring-call', 1, LATER + 1_000_000_000, LATER + 2_000_000_000);
  expect(loose(lost)).toEqual([]);
  const early = new CaptureBuilder(CALL_HOOKS);
  early.load(null, 0x1000, 'm', 1_000_000_000);
  expect(loose(early)).toEqual([]);
  const unwatched = new CaptureBuilder();
  unwatched.load(null, 0x1000, 'm', LATER);
  expect(loose(unwatched)).toEqual([]);
});

test('a load that failed and a call that has not returned free modules, too', () => {
  const built = new CaptureBuilder(CALL_HOOKS);
  const failed = built.call({ returned: -19, ns: LATER, took: 9000 });
  built.load(failed, 0x1000, 'm', LATER + 1000);
  built.free(failed, 0x1000, 'm', LATER + 2000);
  built.free(built.call({ kind: 'delete_module', ns: LATER + 3000 }), 0x2000, 'n', LATER + 4000);
  expect(loose(built)).toEqual([]);
});

test('rows that stand for many identical calls keep their count', () => {
  const built = new CaptureBuilder();
  built.call({ returned: -1, repeat: 1234 });
  const [attempt] = attemptsOf(built);
  expect(attempt).toMatchObject({ verdict: 'rejected', repeat: 1234 });
  expect(detail(attempt, 'called')).toContain('1234 times');
});

test('the reason is as precise as the facts allow', () => {
  const built = new CaptureBuilder();
  const weak = built.process({ cap_effective: 0, cap_permitted: 0, cap_bounding: 0 });
  built.call({ returned: -1, process: weak });
  built.call({ returned: -22, args: [3, 1, 8] });
  built.call({ returned: -22, args: [3, 1, 0], file: built.file('/tmp', 9, { mode: 0o040755 }) });
  built.call({ returned: -4000 });
  built.call({ returned: -9_223_372_036_854_775_808n });
  const summaries = attemptsOf(built).map(({ summary }) => summary);
  expect(summaries[0]).toContain('lacks CAP_SYS_MODULE');
  expect(summaries[1]).toContain('the flag 0x8');
  expect(summaries[2]).toContain('not a regular one');
  expect(summaries[3]).toContain('errno 4000');
  expect(summaries[4]).toContain('-9223372036854775808');
});
