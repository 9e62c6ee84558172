/** When captures are looked at, and when not: with a store whose answers are written down, and a clock that is turned by hand. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Notices } from '#contract/api.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { Captures } from '../../main/app/captures.ts';
import { watchLog } from '../../main/app/growth.ts';
import type { StoreClient } from '../../main/app/store-client.ts';
import type { OpenedAnswer } from '../../main/store/messages.ts';

vi.mock('../../main/app/growth.ts', () => ({ watchLog: vi.fn(() => () => undefined) }));

const facts = (completeness: string): OpenedAnswer =>
  ({ handle: '1', info: { completeness }, clock: [] }) as unknown as OpenedAnswer;

let grown: Notices['grown'][];
let opened: string;
let store: ReturnType<typeof fakeStore>;
let captures: Captures;

function fakeStore() {
  let last = 0;
  return {
    open: vi.fn(() => Promise.resolve(ok({ id: `c${String(++last)}`, facts: facts(opened) }))),
    close: vi.fn(() => Promise.resolve()),
    hold: vi.fn(() => Promise.resolve()),
    refresh: vi.fn((): Promise<Result<OpenedAnswer | null>> => Promise.resolve(ok(facts(opened)))),
    resume: vi.fn((): Promise<Result<OpenedAnswer>> => Promise.resolve(ok(facts('finished')))),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(watchLog).mockClear();
  grown = [];
  opened = 'finished';
  store = fakeStore();
  captures = new Captures(store as unknown as StoreClient, (notice) => void grown.push(notice));
});

afterEach(() => {
  vi.useRealTimers();
});

const GONE = fail('store-gone', 'ended');

test('each end of the store process is followed by a look at what nobody writes to', async () => {
  await captures.open('/a.modtrail');
  captures.storeEnded();
  await vi.advanceTimersByTimeAsync(1000);
  expect(grown).toHaveLength(1);
  captures.storeEnded();
  await vi.advanceTimersByTimeAsync(1000);
  expect(grown).toHaveLength(2);
});

test('a look during which the process ended again is made up for, ever more seldom where each ends it', async () => {
  store.refresh.mockImplementation(() => {
    captures.storeEnded();
    return Promise.resolve(GONE);
  });
  await captures.open('/a.modtrail');
  captures.storeEnded();
  await vi.advanceTimersByTimeAsync(60_000);
  const looks = store.refresh.mock.calls.length;
  expect(looks).toBeGreaterThan(3);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.refresh.mock.calls.length - looks).toBeLessThan(4);
  expect(grown).toEqual([]);
  store.refresh.mockResolvedValue(ok(facts('finished')));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(grown).toHaveLength(1);
});

test('what is recorded is looked at again after a look that failed, and a log that is written to brings it forward', async () => {
  opened = 'recording';
  await captures.open('/a.modtrail');
  store.refresh.mockResolvedValueOnce(fail('damaged', 'database is locked'));
  await vi.advanceTimersByTimeAsync(300);
  expect(store.refresh).toHaveBeenCalledOnce();
  const [, written] = vi.mocked(watchLog).mock.calls[0] ?? [];
  written?.();
  await vi.advanceTimersByTimeAsync(100);
  expect(store.refresh).toHaveBeenCalledTimes(2);
  expect(grown).toHaveLength(1);
  store.refresh.mockResolvedValueOnce(fail('damaged', 'database is locked'));
  await vi.advanceTimersByTimeAsync(2000);
  expect(grown.length).toBeGreaterThan(1);
});

test('a finished capture whose look failed is left alone', async () => {
  await captures.open('/a.modtrail');
  store.refresh.mockResolvedValue(fail('not-found', 'gone'));
  captures.storeEnded();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.refresh).toHaveBeenCalledOnce();
});

test('facts of a finished file that were lost with the process are asked for again', async () => {
  opened = 'recording';
  await captures.open('/a.modtrail');
  store.refresh.mockResolvedValueOnce(ok(facts('finished')));
  store.resume.mockResolvedValue(GONE);
  await vi.advanceTimersByTimeAsync(300);
  const told = grown.length;
  opened = 'finished';
  await vi.advanceTimersByTimeAsync(2000);
  expect(store.resume).toHaveBeenCalledOnce();
  expect(grown).toHaveLength(told + 1);
});

test('a log is watched again where its capture is recorded once more', async () => {
  opened = 'recording';
  const ends: (() => void)[] = [];
  vi.mocked(watchLog).mockImplementation(() => {
    const end = vi.fn();
    ends.push(end);
    return end;
  });
  const capture = await captures.open('/a.modtrail');
  opened = 'finished';
  await vi.advanceTimersByTimeAsync(1000);
  expect(ends[0]).toHaveBeenCalledOnce();
  store.resume.mockResolvedValue(ok(facts('recording')));
  await captures.resume(capture.ok ? capture.value.id : '');
  expect(ends).toHaveLength(2);
});

test('a file that is opened twice at once is one capture', async () => {
  vi.useRealTimers();
  store.open.mockImplementationOnce(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return ok({ id: 'c1', facts: facts('finished') });
  });
  const both = await Promise.all([captures.open('/a.modtrail'), captures.open('/a.modtrail')]);
  expect(both.map((one) => one.ok && one.value.id)).toEqual(['c1', 'c1']);
  expect(captures.list()).toHaveLength(1);
  expect(store.open).toHaveBeenCalledOnce();
  // One that could not be opened is tried anew.
  await captures.close('c1');
  store.open.mockResolvedValueOnce(fail('not-found', 'gone'));
  expect((await captures.open('/a.modtrail')).ok).toBe(false);
  expect((await captures.open('/a.modtrail')).ok).toBe(true);
});

test('readers stay off a file for as long as its own recorder finishes it, also where its last row was seen before', async () => {
  opened = 'recording';
  await captures.open('/a.modtrail');
  store.refresh.mockResolvedValueOnce(ok(facts('finished')));
  await vi.advanceTimersByTimeAsync(300);
  expect(grown.at(-1)?.info.completeness).toBe('finished');
  await captures.hold('c1');
  await vi.advanceTimersByTimeAsync(5000);
  expect(store.resume).not.toHaveBeenCalled();
  await captures.resume('c1');
  expect(store.resume).toHaveBeenCalledOnce();
});

test('readers get back to a file by themselves where somebody else recorded it', async () => {
  opened = 'recording';
  await captures.open('/a.modtrail');
  store.refresh.mockResolvedValueOnce(ok(facts('finished')));
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.hold).toHaveBeenCalledOnce();
  expect(store.resume).toHaveBeenCalledOnce();
});
