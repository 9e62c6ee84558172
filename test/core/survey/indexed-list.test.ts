/** The list that indexes answer, while a capture is read: the rows, in the order, that it ends with when all was read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interval } from '#contract/page.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { boundsOf } from '#core/capture/interval.ts';
import { EventReader } from '#core/capture/events.ts';
import { Attempts } from '#core/attempt/attempts.ts';
import { attemptOrder } from '#core/attempt/attempt-order.ts';
import { Filters } from '#core/filter/filters.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { FoundList } from '#core/survey/found-list.ts';
import { IndexedList, isMarkable } from '#core/survey/indexed-list.ts';
import type { Buildable } from '#core/survey/kept-list.ts';
import { OrderBuild, type StepwiseCondition } from '#core/survey/order-build.ts';
import { IndexedTexts } from '#core/texts/indexed-texts.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const EVENTS = 30_000;

const FEW = 10;

/** More are not needed where indexes answer. */
const MOST_STEPS = 5000;

let path: string;
let whole: OpenedCapture;
let capture: Capture;
let attempts: Attempts;
let filters: Filters;

beforeAll(() => {
  path = madeCapture(EVENTS, 23);
  whole = new OpenedCapture(path);
  capture = openCapture(path);
  attempts = new Attempts(capture, new EventReader(capture));
  filters = new Filters(capture, attempts);
  filters.texts = new IndexedTexts(capture.database);
});

afterAll(() => {
  whole.close();
  capture.close();
  removeFolders();
});

interface Asked {
  readonly filter: string;
  readonly calls: boolean;
  readonly descending: boolean;
  readonly within?: Interval;
}

/** Goes through the events for ever: only the condition is found meanwhile. */
function endless(filter: StepwiseCondition): Buildable {
  const finding = filter.find();
  return {
    ...{ size: 0, progress: { done: 0, of: EVENTS }, isJudged: false },
    at: () => undefined,
    indexOf: () => -1,
    step: () => finding.next() === undefined,
    end: () => {
      filter.end();
    },
  };
}

/** Goes through the events, as it is done where no index answers. */
function looking({ calls, descending, within }: Asked): (filter: StepwiseCondition) => Buildable {
  const { database } = capture;
  const order = { sort: 'time', descending, ...(within ? { within } : {}) } as const;
  return (filter) =>
    calls
      ? new OrderBuild(database, attemptOrder(order, filter, attempts.list), { first: 1, last: EVENTS })
      : new FoundList(database, { filter, range: [1, EVENTS], descending, within: within && boundsOf(within) });
}

/** Of a capture of which nothing was read. */
function listOf(asked: Asked, other: (filter: StepwiseCondition) => Buildable): IndexedList {
  const { filter, calls, descending, within } = asked;
  const condition = filters.stepwise(filter, calls ? 'attempts' : 'events');
  const bounds = within && boundsOf(within);
  return new IndexedList(capture.database, {
    ...{ filter: condition, range: [1, EVENTS], within: bounds, calls, descending, other },
  });
}

/** All rows that there are in the end. */
function wantedOf({ filter, calls, descending, within }: Asked): number[] {
  const order = { descending, filter, start: 0, limit: EVENTS, ...(within ? { within } : {}) };
  return calls
    ? whole.attempts({ ...order, sort: 'time' }).rows.map(({ seq }) => seq)
    : whole.events({ ...order, sort: 'seq' }).rows.map(({ seq }) => seq);
}

const INDEXED = [
  'kind == init_module',
  'process.comm == insmod',
  'process.exe contains "python"',
  'errno == EEXIST or errno == EPERM',
  'file.path contains "/lib/"',
  'not process.comm == insmod and kind == finit_module',
  'process.comm == modprobe and duration > 10us',
  // Bare words that are in no module's name.
  'insmod',
  'EEXIST',
  '"/tmp/" and not "insmod"',
] as const;

const ways = INDEXED.flatMap((filter) =>
  [true, false].flatMap((calls) => [true, false].map((descending) => ({ filter, calls, descending }))),
);

test.each(ways)('$filter, calls: $calls, descending: $descending', (asked) => {
  const wanted = wantedOf(asked);
  expect(wanted.length).toBeGreaterThan(0);
  const list = listOf(asked, endless);
  for (let step = 0; !list.step(1); step++) {
    expect(step).toBeLessThan(MOST_STEPS);
    // What is counted is counted, and what has a place keeps it.
    if (!list.isCounted) continue;
    expect(list.size).toBe(wanted.length);
    for (let at = 0; list.at(at) !== undefined; at += 97) expect(list.at(at)).toBe(wanted[at]);
  }
  const rows = Array.from({ length: list.size }, (_, at) => list.at(at));
  expect(rows).toEqual(wanted);
  const middle = wanted[wanted.length >> 1] ?? 0;
  expect(list.indexOf(middle, 0n)).toBe(wanted.length >> 1);
  expect(list.indexOf(EVENTS + 1, 0n)).toBe(-1);
  list.end();
});

test.each([true, false])('within an interval, calls: %s', (calls) => {
  const times = whole.attempts({ sort: 'time', descending: false, start: 0, limit: EVENTS }).rows;
  const within = { fromNs: times[1000]?.ns ?? '0', toNs: times[9000]?.ns ?? '0' };
  const asked = { filter: 'process.comm == insmod', calls, descending: false, within };
  const list = listOf(asked, endless);
  for (let step = 0; !list.step(1); step++) expect(step).toBeLessThan(MOST_STEPS);
  const wanted = wantedOf(asked);
  expect(wanted.length).toBeGreaterThan(10);
  expect(Array.from({ length: list.size }, (_, at) => list.at(at))).toEqual(wanted);
  list.end();
});

test.each([true, false])('what no index holds is looked for in the events, calls: %s', (calls) => {
  const asked = { filter: 'duration > 100us', calls, descending: false };
  const list = listOf(asked, looking(asked));
  while (!list.step(1));
  // Calls are counted before they are put in order of time.
  expect(list.isCounted).toBe(calls);
  expect(Array.from({ length: list.size }, (_, at) => list.at(at))).toEqual(wantedOf(asked));
  list.end();
});

test('the same through a capture that is being read: the number is exact before everything was read', () => {
  const reading = new OpenedCapture(path, 'stepwise');
  const order = { sort: 'time', descending: false, filter: 'process.comm == insmod', start: 0, limit: 50 } as const;
  let page = reading.attempts(order);
  while (page.progress && !page.counted) {
    reading.work(1);
    page = reading.attempts(order);
  }
  expect(reading.info().progress).toBeDefined();
  expect(page.total).toBe(whole.attempts(order).total);
  reading.close();
});

/** What asks for verdicts, and names of modules that too many calls have. */
const READ_FIRST = ['insmod and verdict == rejected', 'insmod and hidden == false', '"_"'] as const;

/** Names of modules that few calls have, and what else the kernel said of them. */
const OF_MODULES = [
  'nvidia',
  'nvidia and not insmod',
  'nf_ or insmod',
  'module.name == nvidia',
  'module.version == "1.2.3" or nvidia',
] as const;

test.each([...READ_FIRST, ...OF_MODULES, 'insmod', 'insmod and not errno == EEXIST', 'nothingisnamedso'])(
  'what few calls have, of a capture that is being read: %s',
  (filter) => {
    for (const calls of [true, false]) {
      const reading = new OpenedCapture(path, 'stepwise');
      const page = { descending: false, filter, start: 0, limit: 1000 };
      const ask = (opened: OpenedCapture, limit = page.limit) =>
        calls ? opened.attempts({ ...page, limit, sort: 'time' }) : opened.events({ ...page, limit, sort: 'seq' });
      // A few rows tell how far it is.
      let answer = ask(reading, FEW);
      while (answer.progress && !answer.counted) {
        reading.work(1);
        answer = ask(reading, FEW);
      }
      // Before everything was read only what does not depend on it is told.
      expect(reading.info().progress === undefined).toBe(READ_FIRST.some((one) => one === filter));
      const wanted = ask(whole);
      expect(answer.total).toBe(wanted.total);
      expect(answer.total > 0).toBe(filter !== 'nothingisnamedso');
      while (answer.progress) {
        reading.work(5);
        answer = ask(reading, FEW);
      }
      expect(ask(reading)).toEqual(wanted);
      reading.close();
    }
  },
);

test('numbers that no recorder writes are not marked', () => {
  expect(isMarkable([1, 10_000_000])).toBe(true);
  expect(isMarkable([-1, 10])).toBe(false);
  expect(isMarkable([1, 2 ** 32])).toBe(false);
  expect(isMarkable([1, 2 ** 28 + 1])).toBe(false);
});
