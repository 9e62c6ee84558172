/** Filters of a capture that is still being read: whatever answers first, an exact number and final rows are those of the whole. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { removeFolders } from '../builder.ts';
import { buildCrowd } from '../filter/crowd.ts';
import { randomFrom } from '../filter/trees.ts';
import { madeCapture } from '../made.ts';

const EVENTS = 25_000;
const FILTERS = 20;

/** Bare words: of processes, files, modules, errors, in nothing, and such as an escape could be part of. */
const WORDS = [
  ...['insmod', 'nf_', 'tmp', 'EEXIST', 'xff', 'modprobe', 'e1', 'ko', 'systemd', 'beef', '5', 'lib', 'zzzz', '-r'],
  ...['kernel', 'finit', 'python', '=1', 'debug', 'abc'],
];

const OTHERS = [
  ...['verdict == rejected', 'errno == EPERM', 'process.uid == 0', 'module.name contains nf', 'hidden == false'],
  ...['duration > 10us', 'kind == finit_module', 'process.comm == insmod', 'module.size > 5000', 'has image.sha256'],
  ...['verdict in { live, unloaded }', 'has contradiction', 'has module.taints'],
];

let path: string;
let whole: OpenedCapture;

beforeAll(() => {
  path = madeCapture(EVENTS, 5);
  whole = new OpenedCapture(path);
});

afterAll(() => {
  whole.close();
  removeFolders();
});

function filterFrom(random: () => number, depth: number): string {
  const one = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? '';
  const which = random();
  if (depth === 0 || which < 0.4) return random() < 0.65 ? `"${one(WORDS)}"` : one(OTHERS);
  if (which < 0.6) return `not (${filterFrom(random, depth - 1)})`;
  return `(${filterFrom(random, depth - 1)} ${one(['and', 'or'])} ${filterFrom(random, depth - 1)})`;
}

test('each ends with the rows of the whole, and tells no number before that is another', () => {
  const seed = Math.floor(Math.random() * 1e6);
  const random = randomFrom(seed);
  for (let at = 0; at < FILTERS; at++) {
    const filter = filterFrom(random, 1 + Math.floor(random() * 3));
    const page = { descending: random() < 0.3, filter, start: 0 };
    const isOfCalls = random() < 0.5;
    const ask = (capture: OpenedCapture, limit = 100) =>
      isOfCalls ? capture.attempts({ ...page, limit, sort: 'time' }) : capture.events({ ...page, limit, sort: 'seq' });
    const where = `seed ${String(seed)}, ${isOfCalls ? 'attempts' : 'events'}, ${filter}`;
    const wanted = ask(whole);
    const reading = new OpenedCapture(path, 'stepwise');
    // To tell a number nothing is gone on with: the capture is read for as long as it takes.
    for (let told = ask(reading, 0); told.progress; told = ask(reading, 0)) {
      if (told.counted) expect(told.total, where).toBe(wanted.total);
      reading.work(0.5);
    }
    expect(ask(reading), where).toEqual(wanted);
    reading.close();
  }
});

test('what is told as the last is the last, also where reading ends while it is answered', () => {
  const crowd = buildCrowd(1, 8000);
  const known = new OpenedCapture(crowd);
  const filter = '"dup" and "mod1"';
  // More than there are: each answer goes on for a moment, and so does the reading that it waits for.
  const page = { descending: false, filter, start: 0, limit: 1000 };
  const wanted = known.events({ ...page, sort: 'seq' }).total;
  expect(wanted).toBeGreaterThan(100);
  for (let round = 0; round < 12; round++) {
    const reading = new OpenedCapture(crowd, 'stepwise');
    const ask = () =>
      reading[round % 2 === 0 ? 'events' : 'attempts']({ ...page, sort: round % 2 === 0 ? 'seq' : 'time' } as never);
    let answer = ask();
    while (answer.progress) {
      reading.work(1);
      answer = ask();
    }
    expect(answer.total).toBe(wanted);
    reading.close();
  }
  known.close();
});
