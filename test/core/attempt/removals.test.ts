/** Modules whose free is not recorded: what removed them, and where nothing says whether they are still there. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { attemptStory } from '#core/attempt/story.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { ALL_HOOKS, CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

interface Told {
  readonly attempts: readonly Attempt[];
  /** Of each name in the roster, how many are live. */
  readonly live: Readonly<Record<string, number>>;
  /** Of each lane, where it ends. */
  readonly lanes: readonly (readonly [string, unknown])[];
}

function told(built: CaptureBuilder): Told {
  const capture = new OpenedCapture(built.finish());
  const { rows } = capture.attempts({ sort: 'time', descending: false, start: 0, limit: 1000 });
  const counts: Record<string, number> = {};
  for (const { verdict } of rows) counts[verdict] = (counts[verdict] ?? 0) + 1;
  expect(capture.info().attemptsByVerdict).toEqual(counts);
  const view = { grouping: 'name', sort: 'first', descending: false, start: 0, limit: 1000 } as const;
  let page = capture.roster(view);
  while (page.progress) page = capture.roster(view);
  const { lifetimes } = capture.timeline({ fromNs: 0, toNs: 100_000_000, columns: 10 });
  capture.close();
  return {
    attempts: rows,
    live: Object.fromEntries(page.rows.map(({ names, live }) => [names.first[0] ?? '', live])),
    lanes: lifetimes.map(({ module, toNs }) => [module, toNs]),
  };
}

const last = (attempt: Attempt | undefined): unknown => {
  const stage = attempt?.stages.at(-1);
  return { state: stage?.state, detail: stage?.detail };
};

const WITHOUT_FREES = ALL_HOOKS.filter(([purpose]) => purpose !== 'module_free');

/** A module that is loaded at 3 ms, in a call of 9 µs. */
function load(built: CaptureBuilder, name: string, address: number, ns = 3_000_000, returned = 0): number {
  const call = built.call({ ns, returned, took: 9000 });
  built.load(call, address, name, ns + 1000);
  return call;
}

function remove(built: CaptureBuilder, name: string, ns = 4_000_000, late = false): number {
  return built.call({ kind: 'delete_module', ns, returned: 0, took: 9000, text: name, args: [4096, 0], late });
}

const lose = (built: CaptureBuilder, ns: number): number => built.loss('ring-stage', 3, ns + 2000, ns + 8000);

const WAYS: Readonly<Record<string, (name: string) => { built: CaptureBuilder; removal: number }>> = {
  'a loss hid the free': (name) => {
    const built = new CaptureBuilder();
    load(built, 'good', 0x2000);
    lose(built, 4_000_000);
    return { built, removal: remove(built, name) };
  },
  'frees were not watched': (name) => {
    const built = new CaptureBuilder(WITHOUT_FREES);
    load(built, 'good', 0x2000);
    return { built, removal: remove(built, name) };
  },
  'frees were not watched, and the return came late': (name) => {
    const built = new CaptureBuilder(WITHOUT_FREES);
    load(built, 'good', 0x2000);
    return { built, removal: remove(built, name, 4_000_000, true) };
  },
};

describe.each(Object.entries(WAYS))('%s', (_, made) => {
  test('a later delete_module of the name that succeeded ended the life', () => {
    const { built, removal } = made('good');
    built.snapshot('stop', ['other'], 6_000_000);
    const { attempts, live, lanes } = told(built);
    const [loaded, removed] = attempts;
    expect(loaded).toMatchObject({ verdict: 'unloaded', contradictions: [] });
    expect(last(loaded)).toEqual({
      state: 'done',
      detail: `good was removed within 1.0 ms, by call ${String(removal)}, though its free is not recorded`,
    });
    expect(loaded && attemptStory(loaded)).toContain(`by call ${String(removal)}`);
    expect(removed).toMatchObject({ verdict: 'removed', module: { name: 'good', nameFrom: 'argument' } });
    expect(live['good']).toBe(0);
    expect(lanes).toEqual([['good', 4_009_000]]);
  });

  test('a delete_module of another name ends no life', () => {
    const { attempts, live, lanes } = told(made('other').built);
    expect(attempts[0]?.verdict).toBe('live');
    expect(last(attempts[0])).toMatchObject({ state: 'unknown' });
    expect(live['good']).toBe(1);
    expect(lanes).toEqual([['good', undefined]]);
  });
});

test('a call ends the life of the module that had its name then', () => {
  const built = new CaptureBuilder(WITHOUT_FREES);
  remove(built, 'twin', 2_000_000);
  load(built, 'twin', 0x1000, 3_000_000);
  const first = remove(built, 'twin', 4_000_000);
  load(built, 'twin', 0x2000, 5_000_000);
  // Its removal is not recorded either: the same name was loaded again.
  load(built, 'twin', 0x3000, 6_000_000);
  const second = remove(built, 'twin', 7_000_000);
  load(built, 'twin', 0x4000, 8_000_000);
  const { attempts, live, lanes } = told(built);
  const loads = attempts.filter(({ operation }) => operation === 'load');
  expect(loads.map(({ verdict }) => verdict)).toEqual(['unloaded', 'live', 'unloaded', 'live']);
  expect(loads[0]?.summary).toContain(`by call ${String(first)}`);
  expect(loads[2]?.summary).toContain(`by call ${String(second)}`);
  expect(live['twin']).toBe(2);
  expect(lanes.map(([, toNs]) => toNs)).toEqual([4_009_000, undefined, 7_009_000, undefined]);
});

test('a call that failed, or has a free of its own, or whose free nothing can have hidden, ends no other life', () => {
  const built = new CaptureBuilder();
  load(built, 'good', 0x1000, 3_000_000);
  built.call({ kind: 'delete_module', ns: 4_000_000, returned: -11, took: 9000, text: 'good', args: [1, 0] });
  lose(built, 4_000_000);
  built.free(remove(built, 'good', 5_000_000), 0x9000, 'good', 5_003_000);
  lose(built, 5_000_000);
  remove(built, 'good', 6_000_000);
  const { attempts, live } = told(built);
  expect(attempts.map(({ verdict }) => verdict)).toEqual(['live', 'refused', 'removed', 'contradiction']);
  expect(live['good']).toBe(1);
});

test('a free that is recorded says more than the call, and the call more than a successor', () => {
  const built = new CaptureBuilder(WITHOUT_FREES);
  load(built, 'freed', 0x1000, 3_000_000);
  built.free(null, 0x1000, 'freed', 3_500_000);
  remove(built, 'freed', 4_000_000);
  load(built, 'replaced', 0x2000, 5_000_000);
  remove(built, 'replaced', 6_000_000);
  load(built, 'successor', 0x2000, 7_000_000);
  expect(told(built).lanes).toEqual([
    ['freed', 3_500_000],
    ['replaced', 6_009_000],
    ['successor', undefined],
  ]);
});

test('a call that has not returned was live until the call that removed its module', () => {
  const built = new CaptureBuilder(WITHOUT_FREES);
  const call = built.call({ ns: 3_000_000 });
  built.load(call, 0x1000, 'good', 3_001_000);
  const removal = remove(built, 'good');
  const [running] = told(built).attempts;
  expect(running?.verdict).toBe('no-return');
  expect(running?.stages.map(({ stage, state }) => [stage, state]).slice(-3)).toEqual([
    ['init ran', 'done'],
    ['live', 'done'],
    ['unloaded', 'done'],
  ]);
  expect(running?.stages.at(-1)?.detail).toContain(`by call ${String(removal)}`);
});

test('where records were lost since the load, its end is unknown unless the list of modules shows it', () => {
  for (const [listed, state] of [
    [[], 'unknown'],
    [['good'], 'not-reached'],
  ] as const) {
    const built = new CaptureBuilder();
    load(built, 'good', 0x1000);
    lose(built, 5_000_000);
    built.snapshot('stop', listed, 6_000_000);
    const [attempt] = told(built).attempts;
    expect(attempt?.verdict).toBe('live');
    expect(last(attempt)).toMatchObject({ state });
  }
  const before = new CaptureBuilder();
  lose(before, 1_000_000);
  load(before, 'good', 0x1000);
  expect(last(told(before).attempts[0])).toMatchObject({ state: 'not-reached' });
});

test('a load that failed is not live, and its lane ends with its call, though its free is not recorded', () => {
  const unwatched = new CaptureBuilder(WITHOUT_FREES);
  load(unwatched, 'bad', 0x1000, 3_000_000, -12);
  load(unwatched, 'successor', 0x1000, 5_000_000);
  const lost = new CaptureBuilder();
  load(lost, 'bad', 0x1000, 3_000_000, -12);
  lose(lost, 3_000_000);
  load(lost, 'successor', 0x1000, 5_000_000);
  for (const built of [unwatched, lost]) {
    const { attempts, live, lanes } = told(built);
    expect(attempts.map(({ verdict }) => verdict)).toEqual(['init-failed', 'live']);
    expect(live).toMatchObject({ bad: 0, successor: 1 });
    expect(lanes).toEqual([
      ['bad', 3_009_000],
      ['successor', undefined],
    ]);
  }
});

test('a load that failed and that nothing followed is gone from the roster and the timeline as well', () => {
  const built = new CaptureBuilder(WITHOUT_FREES);
  load(built, 'bad', 0x1000, 3_000_000, -12);
  const capture = new OpenedCapture(built.finish());
  const { rows } = capture.roster({ grouping: 'image', sort: 'first', descending: false, start: 0, limit: 10 });
  expect(rows.map(({ live }) => live)).toEqual([0]);
  const lanes = (fromNs: number): unknown[] => [
    ...capture.timeline({ fromNs, toNs: 9_000_000, columns: 10 }).lifetimes,
  ];
  expect(lanes(3_005_000)).toMatchObject([{ module: 'bad', toNs: 3_009_000, verdict: 'init-failed' }]);
  expect(lanes(3_010_000)).toEqual([]);
  capture.close();
});

test('a module whose load failed and that the kernel kept is still there', () => {
  const built = new CaptureBuilder();
  load(built, 'sticky', 0x1000, 3_000_000, -12);
  const { attempts, live, lanes } = told(built);
  expect(attempts[0]?.verdict).toBe('contradiction');
  expect(live['sticky']).toBe(1);
  expect(lanes).toEqual([['sticky', undefined]]);
});

test('a call that is recorded while the capture is looked at ends the life as well', () => {
  const built = new CaptureBuilder(WITHOUT_FREES);
  load(built, 'good', 0x1000);
  const capture = new OpenedCapture(built.path);
  expect(capture.info().attemptsByVerdict).toEqual({ live: 1 });
  remove(built, 'good');
  capture.refresh();
  expect(capture.info().attemptsByVerdict).toEqual({ unloaded: 1, removed: 1 });
  capture.close();
  built.abandon();
});
