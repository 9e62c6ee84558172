/** The tree of processes against what reading all attempts one by one gives. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { VERDICTS, type Attempt } from '#contract/attempt.ts';
import type { LineageRow, LineageView } from '#contract/lineage.ts';
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

function treeOf(capture: OpenedCapture, view: LineageView, limit = 1000): LineageRow[] {
  while (capture.lineage({ ...view, start: 0, limit: 1 }).progress);
  const rows: LineageRow[] = [];
  for (;;) {
    const page = capture.lineage({ ...view, start: rows.length, limit });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length === page.total) return rows;
  }
}

/** All processes: whatever is closed is opened until nothing is. */
function wholeTree(capture: OpenedCapture): LineageRow[] {
  const toggled = new Set<number>();
  for (;;) {
    const rows = treeOf(capture, { toggled: [...toggled] });
    const closed = rows.filter((row) => row.children > 0 && !row.open);
    if (closed.length === 0) return rows;
    for (const { id } of closed) toggled.add(id);
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

interface Summary {
  own: number[];
  tree: number[];
  first: bigint;
  last: bigint;
}

/** Chains from the outermost process to the caller, "pid@start" each. */
function naive(attempts: readonly Attempt[]): Map<string, Summary> {
  const found = new Map<string, Summary>();
  for (const { process, verdict, ns, lastNs } of attempts) {
    const chain = process ? [process, ...process.ancestors].reverse() : [{ pid: -1, startNs: 0 }];
    const at = VERDICTS.indexOf(verdict);
    let path = '';
    chain.forEach(({ pid, startNs }, index) => {
      path += `/${String(pid)}@${String(startNs)}`;
      const zero = (): number[] => VERDICTS.map(() => 0);
      const known = found.get(path) ?? { own: zero(), tree: zero(), first: BigInt(ns), last: BigInt(lastNs ?? ns) };
      known.tree[at] = (known.tree[at] ?? 0) + 1;
      if (index === chain.length - 1) known.own[at] = (known.own[at] ?? 0) + 1;
      if (BigInt(ns) < known.first) known.first = BigInt(ns);
      if (BigInt(lastNs ?? ns) > known.last) known.last = BigInt(lastNs ?? ns);
      found.set(path, known);
    });
  }
  return found;
}

function summaries(rows: readonly LineageRow[]): Map<string, Summary> {
  const paths = new Map<number, string>();
  return new Map(
    rows.map((row) => {
      const above = row.parent === undefined ? '' : (paths.get(row.parent) ?? 'missing');
      const path = `${above}/${String(row.pid ?? -1)}@${String(row.startNs ?? 0)}`;
      paths.set(row.id, path);
      const { own, tree, firstNs, lastNs } = row;
      return [path, { own: [...own], tree: [...tree], first: BigInt(firstNs), last: BigInt(lastNs) }];
    }),
  );
}

describe.each([
  ['the sample', () => SAMPLE],
  ['a made-up capture', () => madeCapture(6000, 5)],
])('%s', (_, pathOf) => {
  const capture = open(pathOf());
  const rows = wholeTree(capture);

  test('every process that led to an attempt stands under its parent, with its attempts and those of its tree', () => {
    const found = summaries(rows);
    expect(found.size).toBe(rows.length);
    expect(found).toEqual(naive(attemptsOf(capture)));
  });

  test('an interval has the processes of its own attempts', () => {
    const attempts = attemptsOf(capture);
    const [from, to] = [1, 2].map((part) => BigInt(attempts[Math.floor((attempts.length * part) / 3)]?.ns ?? 0));
    const within = { fromNs: String(from), toNs: String(to) };
    const part = attempts.filter(({ ns }) => BigInt(ns) >= (from ?? 0n) && BigInt(ns) <= (to ?? 0n));
    expect(summaries(treeOf(capture, { toggled: [], everything: true, within }))).toEqual(naive(part));
  });

  test('a process is named by its number alone only where no other one had it', () => {
    const named = new Map<number, Set<string>>();
    for (const { pid, startNs } of rows) {
      if (pid !== undefined) named.set(pid, (named.get(pid) ?? new Set()).add(String(startNs)));
    }
    for (const row of rows) {
      // A process that stands under two parents counts as two.
      if (row.pid !== undefined && (named.get(row.pid)?.size ?? 0) > 1) expect(row.reused).toBe(true);
    }
    const some = rows.find(({ own, pid }) => pid !== undefined && own.some((amount) => amount > 0));
    const filter = `process.key == ${String(some?.pid)}@${String(some?.startNs)}`;
    const page = capture.attempts({ sort: 'time', descending: false, filter, start: 0, limit: 1 });
    expect(page.total).toBe(some?.own.reduce((sum, amount) => sum + amount, 0));
  });

  test('parents stand before their children, one level above, and rows count their places', () => {
    const byId = new Map(rows.map((row, at) => [row.id, { row, at }]));
    rows.forEach((row, at) => {
      const parent = row.parent === undefined ? undefined : byId.get(row.parent);
      expect(row.level).toBe((parent?.row.level ?? 0) + 1);
      if (parent) expect(parent.at).toBeLessThan(at);
      expect(row.children).toBe(rows.filter(({ parent: of }) => of === row.id).length);
      expect(row.place).toBeLessThanOrEqual(row.siblings);
    });
  });

  test('pages of any size give the same rows, and each row is found where it stands', () => {
    const toggled = rows.filter(({ children, level }) => children > 0 && level > 1).map(({ id }) => id);
    const ids = treeOf(capture, { toggled }, 13).map(({ id }) => id);
    expect(ids).toEqual(rows.map(({ id }) => id));
    for (const at of [0, Math.floor(ids.length / 2), ids.length - 1]) {
      expect(capture.lineageIndex(ids[at] ?? -1, { toggled })).toBe(at);
    }
  });

  test('a text keeps the processes in which it occurs, with what led to them and what came of them', () => {
    const text = rows.find(({ level, comm }) => level === 3 && comm !== undefined)?.comm ?? '';
    const parts = (row: LineageRow): string[] => [row.comm ?? '', row.exe ?? '', ...(row.earlier ?? [])];
    const matches = new Set(rows.filter((row) => parts(row).some((part) => part.includes(text))).map(({ id }) => id));
    const parents = new Map(rows.map((row) => [row.id, row.parent]));
    const kept = new Set<number>();
    for (const id of matches)
      for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) kept.add(at);
    const shown = treeOf(capture, { toggled: [], text });
    // What came of a match is closed at first, unless a match is among it.
    const wanted = rows.filter(({ id }) => kept.has(id)).map(({ id }) => id);
    expect(shown.filter(({ id }) => kept.has(id)).map(({ id }) => id)).toEqual(wanted);
    expect(new Set(shown.filter((row) => row.matches).map(({ id }) => id))).toEqual(matches);
    expect(treeOf(capture, { toggled: [], text: 'no such process' })).toEqual([]);
    const [some] = matches;
    const pid = rows.find(({ id }) => id === some)?.pid ?? 0;
    expect(treeOf(capture, { toggled: [], text: String(pid) }).some((row) => row.pid === pid && row.matches)).toBe(
      true,
    );
  });
});

test('a process that ran another program has its last name, and says the ones before', () => {
  const built = new CaptureBuilder();
  const shell = built.process({ pid: 7, start_boot_ns: 70, comm: 'sh', detail: 'ancestor' });
  const before = built.process({ pid: 8, start_boot_ns: 80, comm: 'sh', parent_id: shell });
  const after = built.process({ pid: 8, start_boot_ns: 80, comm: 'insmod', parent_id: shell, uid: 1000 });
  built.call({ process: before, returned: -1 });
  built.call({ process: after, returned: -1 });
  built.call({ returned: -1 });
  const rows = wholeTree(open(built.finish()));
  expect(rows.map(({ comm, earlier, uid }) => ({ comm, earlier, uid }))).toEqual([
    { comm: 'sh', earlier: undefined, uid: undefined },
    { comm: 'insmod', earlier: ['sh'], uid: 1000 },
    { comm: undefined, earlier: undefined, uid: undefined },
  ]);
  expect(rows[2]?.pid).toBeUndefined();
});

test('parents that form a ring, or lead to no row, end the chain', () => {
  const built = new CaptureBuilder();
  const one = built.process({ pid: 1, comm: 'one', parent_id: 2 });
  const two = built.process({ pid: 2, comm: 'two', parent_id: 1 });
  const lost = built.process({ pid: 3, comm: 'lost', parent_id: 99 });
  for (const process of [one, two, lost]) built.call({ process, returned: -1 });
  const rows = wholeTree(open(built.finish()));
  expect(rows.length).toBeGreaterThanOrEqual(3);
  expect(rows.filter(({ own }) => own.some((count) => count > 0))).toHaveLength(3);
});

/** Each process the child of the one before, and each with one call. */
function chainOf(length: number): CaptureBuilder {
  const built = new CaptureBuilder();
  built.database.transaction(() => {
    let parent: number | null = null;
    for (let nth = 1; nth <= length; nth++) {
      parent = built.process({ pid: nth, start_boot_ns: nth, parent_id: parent });
      built.call({ kind: 'delete_module', process: parent, returned: -2, text: 'x', args: [1, 0] });
    }
  })();
  return built;
}

test('a chain that is longer than any kernel makes one is cut, whether or not its parents are known', () => {
  const built = chainOf(2500);
  // Its parents were not met in the order of the chain.
  const late = built.process({ pid: 9999, start_boot_ns: 9999, parent_id: 1800 });
  built.call({ process: late, returned: -1 });
  const rows = treeOf(open(built.finish()), { toggled: [], everything: true });
  expect(rows).toHaveLength(2501);
  expect(Math.max(...rows.map(({ level }) => level))).toBe(1025);
  const roots = rows.filter(({ parent }) => parent === undefined);
  const sum = (counts: readonly number[]): number => counts.reduce((one, other) => one + other, 0);
  expect(roots.map(({ pid, tree }) => [pid, sum(tree)])).toEqual([
    [1, 1025],
    [1026, 1026],
    [2051, 450],
  ]);
});
