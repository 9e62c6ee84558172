/** The roster against what reading all attempts one by one gives. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { VERDICTS, type Attempt } from '#contract/attempt.ts';
import { ROSTER_COLUMNS, type RosterGrouping, type RosterOrder, type RosterRow } from '#contract/roster.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { ROOT } from '../../../scripts/places.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const SAMPLE = join(ROOT, 'samples/sample.modtrail');

const opened: OpenedCapture[] = [];

function open(path: string): OpenedCapture {
  const capture = new OpenedCapture(path);
  opened.push(capture);
  return capture;
}

afterAll(() => {
  for (const capture of opened) capture.close();
  removeFolders();
});

/** All rows of an order, asked for until they are final, in pages of a size. */
function rosterOf(capture: OpenedCapture, order: RosterOrder, limit = 1000): RosterRow[] {
  while (capture.roster({ ...order, start: 0, limit: 1 }).progress);
  const rows: RosterRow[] = [];
  for (;;) {
    const page = capture.roster({ ...order, start: rows.length, limit });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length === page.total) return rows;
  }
}

function attemptsOf(capture: OpenedCapture): Attempt[] {
  const rows: Attempt[] = [];
  for (;;) {
    const page = capture.attempts({ sort: 'time', descending: false, start: rows.length, limit: 1000 });
    rows.push(...page.rows);
    if (rows.length === page.total) return rows;
  }
}

/** Where a row has no hash or no name. */
const NONE = 'none';

const least = (one: bigint | undefined, other: bigint): bigint => (one === undefined || other < one ? other : one);
const most = (one: bigint | undefined, other: bigint): bigint => (one === undefined || other > one ? other : one);

/** What one row says, in a form that a naive count has too. */
interface Summary {
  readonly verdicts: readonly number[];
  readonly attempts: number;
  readonly calls: number;
  readonly first: string;
  readonly last: string;
  readonly names: number;
  readonly paths: number;
  readonly programs: number;
}

function naive(attempts: readonly Attempt[], keyOf: (attempt: Attempt) => string | undefined): Map<string, Summary> {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const key = keyOf(attempt) ?? NONE;
    groups.set(key, [...(groups.get(key) ?? []), attempt]);
  }
  return new Map(
    Array.from(groups, ([key, all]) => {
      let first: bigint | undefined;
      let last: bigint | undefined;
      for (const { ns, lastNs } of all) {
        first = least(first, BigInt(ns));
        last = most(last, BigInt(lastNs ?? ns));
      }
      const distinct = (of: (attempt: Attempt) => string | undefined): number =>
        Math.min(new Set(all.map(of).filter((text) => text !== undefined)).size, 200);
      return [
        key,
        {
          verdicts: VERDICTS.map((verdict) => all.filter((attempt) => attempt.verdict === verdict).length),
          attempts: all.length,
          calls: all.reduce((sum, { repeat }) => sum + repeat, 0),
          first: String(first),
          last: String(last),
          names: distinct(({ module }) => module?.name),
          paths: distinct(({ file }) => file?.path),
          programs: distinct(({ process }) => process?.comm),
        },
      ];
    }),
  );
}

const summary = (row: RosterRow): Summary => ({
  ...{ verdicts: row.verdicts, attempts: row.attempts, calls: row.calls },
  ...{ first: String(row.firstNs), last: String(row.lastNs) },
  ...{ names: row.names.count, paths: row.paths.count, programs: row.programs.count },
});

const KEYS: Readonly<Record<RosterGrouping, (attempt: Attempt) => string | undefined>> = {
  image: ({ image }) => image?.sha256,
  name: ({ module }) => module?.name,
};

const keyOf = (row: RosterRow, grouping: RosterGrouping): string =>
  (grouping === 'image' ? row.sha256 : row.names.first[0]) ?? NONE;

describe.each([
  ['the sample', () => SAMPLE],
  ['a made-up capture', () => madeCapture(6000, 3)],
])('%s', (_, pathOf) => {
  const capture = open(pathOf());
  const attempts = attemptsOf(capture);

  test.each(['image', 'name'] as const)('has by %s what its attempts one by one have', (grouping) => {
    const rows = rosterOf(capture, { grouping, sort: 'first', descending: false });
    const counted = rows.filter((row) => row.attempts > 0);
    const found = new Map(counted.map((row) => [keyOf(row, grouping), summary(row)]));
    expect(found).toEqual(naive(attempts, KEYS[grouping]));
    expect(found.size).toBe(counted.length);
  });

  test('counts only the attempts of an interval where one is asked for', () => {
    const times = attempts.map(({ ns }) => BigInt(ns));
    const from = times[Math.floor(times.length / 4)] ?? 0n;
    const to = times[Math.floor(times.length / 2)] ?? 0n;
    const within = { fromNs: String(from), toNs: String(to) };
    const part = attempts.filter(({ ns }) => BigInt(ns) >= from && BigInt(ns) <= to);
    for (const grouping of ['image', 'name'] as const) {
      const rows = rosterOf(capture, { grouping, sort: 'name', descending: true, within }, 7);
      expect(new Map(rows.map((row) => [keyOf(row, grouping), summary(row)]))).toEqual(naive(part, KEYS[grouping]));
    }
    const none = { fromNs: String(from - 2n), toNs: String(from - 1n) };
    expect(rosterOf(capture, { grouping: 'name', sort: 'name', descending: false, within: none })).toEqual([]);
  });

  test('says of each name what the kernel tainted it with', () => {
    const rows = rosterOf(capture, { grouping: 'name', sort: 'name', descending: false });
    const taints = new Map(rows.map((row) => [row.names.first[0], new Set(row.taints)]));
    for (const { module } of attempts) {
      for (const taint of module?.taints ?? []) expect(taints.get(module?.name)).toContain(taint);
    }
  });

  test('has every row once in every order, in pages of any size', () => {
    for (const grouping of ['image', 'name'] as const) {
      const all = rosterOf(capture, { grouping, sort: 'first', descending: false }).map(({ id }) => id);
      expect(new Set(all).size).toBe(all.length);
      for (const sort of ROSTER_COLUMNS) {
        for (const descending of [false, true]) {
          const order = { grouping, sort, descending };
          const ids = rosterOf(capture, order, 7).map(({ id }) => id);
          expect(new Set(ids)).toEqual(new Set(all));
          expect(capture.rosterIndex(ids[3] ?? -1, order)).toBe(3);
        }
      }
    }
  });
});

test('modules that are still there, hidden ones and where they came from stand in the row of their image', () => {
  const rows = rosterOf(open(SAMPLE), { grouping: 'name', sort: 'name', descending: false });
  const hidden = rows.filter((row) => row.hidden).map((row) => row.names.first[0]);
  const info = open(SAMPLE).info();
  expect(new Set(hidden)).toEqual(new Set(info.hiddenModules.map(({ name }) => name)));
  expect(rows.some((row) => row.live > 0)).toBe(true);
});

test('what is there, hides and taints without an image that was recorded stands in the row without one', () => {
  const built = new CaptureBuilder();
  built.load(built.call({ ns: 2_000_000, returned: 0 }), 0x1000, 'unread', 2_000_100);
  built.load(null, 0x2000, 'uncalled', 2_100_000);
  const read = built.call({ ns: 2_200_000, returned: 0 });
  built.image(read, 100, 2_200_100, { sha256: Buffer.alloc(32, 1), state: 'skipped' });
  built.load(read, 0x3000, 'read', 2_200_200);
  built.snapshot('stop', ['read', 'uncalled'], 3_000_000);
  const rows = rosterOf(open(built.finish()), { grouping: 'image', sort: 'first', descending: false });
  const found = rows.map(({ sha256, live, hidden, taints }) => [sha256?.slice(0, 2), live, hidden, taints?.length]);
  expect(new Set(found)).toEqual(
    new Set([
      [undefined, 2, true, 1],
      ['01', 1, false, 1],
    ]),
  );
});

test('a module that hides and was there before the recording marks the row without an image', () => {
  const built = new CaptureBuilder();
  built.call({ returned: -1 });
  const others = [{ name: 'other', address: 0x9, state: 'Live' }];
  const hider = { name: 'hider', address: 0x8 };
  for (let nth = 0; nth < 4; nth++) {
    const ns = built.tick();
    built.look(
      [1, 2].flatMap((pass) => [
        { view: 'proc_modules' as const, pass, modules: others },
        { view: 'sysfs' as const, pass, modules: [...others, hider] },
      ]),
      ns,
    );
  }
  const capture = open(built.finish());
  expect(capture.info().hiddenModules.map(({ name, callId }) => [name, callId])).toEqual([['hider', undefined]]);
  const rows = rosterOf(capture, { grouping: 'image', sort: 'first', descending: false });
  expect(rows.map(({ sha256, hidden }) => [sha256, hidden])).toEqual([[undefined, true]]);
});

test('signers are read from the bytes that were kept', async () => {
  const capture = open(SAMPLE);
  const order = { grouping: 'image', sort: 'signer', descending: false } as const;
  rosterOf(capture, order);
  await capture.readSigners();
  const page = capture.roster({ ...order, start: 0, limit: 1000 });
  expect(page.signers).toBeUndefined();
  const kept = page.rows.filter((row) => row.kept);
  expect(kept.length).toBeGreaterThan(5);
  for (const row of kept) expect(row.signers).toHaveLength(1);
  const states = new Set(kept.flatMap(({ signers }) => signers.map(({ state }) => state)));
  expect(states).toEqual(new Set(['unsigned']));
  for (const row of page.rows.filter(({ kept: has }) => !has)) expect(row.signers).toEqual([]);
});

test('a text is found in names, paths, programs, signers and hashes, whatever its case', async () => {
  const capture = open(SAMPLE);
  const order = { grouping: 'image', sort: 'first', descending: false } as const;
  const all = rosterOf(capture, order);
  await capture.readSigners();
  const found = (text: string): number => rosterOf(capture, { ...order, text }).length;
  expect(found('MT_SLOW')).toBeGreaterThan(0);
  expect(found('/TMP/')).toBeGreaterThan(0);
  expect(found(all.find(({ sha256 }) => sha256 !== undefined)?.sha256?.slice(4, 20) ?? 'none')).toBe(1);
  expect(found('unsigned')).toBeGreaterThan(5);
  expect(found('no such text')).toBe(0);
});

test('a call with several readings counts for the one that its attempt has; what has no hash has one row together', () => {
  const built = new CaptureBuilder();
  const call = built.call({ returned: -22 });
  const reading = (ns: number, sha256: Buffer | null): void => {
    const seq = built.event('image_read', { ns, call_id: call });
    built.insert('image_fact', {
      ...{ seq, source: 'read_file', size: 100, received: 100, state: sha256 ? 'skipped' : 'incomplete' },
      ...{ reason: 'limit', sha256 },
    });
  };
  reading(2_000_000, Buffer.alloc(32, 2));
  reading(1_500_000, Buffer.alloc(32, 1));
  const other = built.call({ returned: -22 });
  const seq = built.event('image_read', { call_id: other });
  built.insert('image_fact', { seq, source: 'read_file', size: 9, received: 4, state: 'incomplete', sha256: null });
  const capture = open(built.finish());
  const rows = rosterOf(capture, { grouping: 'image', sort: 'first', descending: false });
  const found = new Map(rows.map((row) => [row.sha256?.slice(0, 2), row.attempts]));
  expect(found).toEqual(
    new Map([
      ['02', 0],
      ['01', 1],
      [undefined, 1],
    ]),
  );
});

test('events whose numbers begin below 0 are counted like all others', () => {
  const built = new CaptureBuilder();
  const parent = built.process({ pid: 7, start_boot_ns: 70, comm: 'sh', detail: 'ancestor' });
  for (let nth = 0; nth < 3; nth++) {
    const call = built.call({ returned: 0, process: parent });
    built.image(call, 100, undefined, { sha256: Buffer.alloc(32, 1), state: 'skipped' });
    built.load(call, 0x1000 + nth, 'early');
  }
  for (const table of ['event', 'image_fact', 'module_fact']) {
    built.database.exec(`UPDATE ${table} SET seq = seq - 1000`);
  }
  const capture = open(built.finish());
  for (const within of [{}, { within: { fromNs: '0', toNs: '9000000' } }]) {
    const [row, ...others] = rosterOf(capture, { grouping: 'image', sort: 'first', descending: false, ...within });
    expect(others).toEqual([]);
    expect(row).toMatchObject({ attempts: 3, live: 3, taints: ['out-of-tree module'], sha256: '01'.repeat(32) });
  }
  let page = capture.lineage({ toggled: [], start: 0, limit: 10 });
  while (page.progress) page = capture.lineage({ toggled: [], start: 0, limit: 10 });
  expect(page.rows.map(({ pid, own }) => [pid, own.reduce((sum, count) => sum + count)])).toEqual([[7, 3]]);
});

test('while a capture is counted, what there is is shown, and it tells how far it is', () => {
  const capture = open(madeCapture(6000, 3));
  const order = { grouping: 'name', sort: 'first', descending: false } as const;
  let page = capture.roster({ ...order, start: 0, limit: 10 });
  let before = -1;
  while (page.progress) {
    expect(page.progress.done).toBeGreaterThanOrEqual(before);
    expect(page.progress.done).toBeLessThanOrEqual(page.progress.of);
    before = page.progress.done;
    page = capture.roster({ ...order, start: 0, limit: 10 });
  }
  expect(page.rows.length).toBe(10);
});
