/** Who hides from which view, and that nobody is said to hide who does not. */
import { afterAll, describe, expect, test } from 'vitest';
import { MODULE_VIEWS, type HiddenModule, type ModuleView } from '#contract/hidden-module.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { ALL_HOOKS, CaptureBuilder, removeFolders, type ReadingSpec } from '../builder.ts';
import { Machine } from './machine.ts';

afterAll(removeFolders);

function hiddenIn(built: CaptureBuilder): readonly HiddenModule[] {
  const capture = new OpenedCapture(built.finish());
  const { hiddenModules } = capture.info();
  capture.close();
  return hiddenModules;
}

const TWICE: ReadonlySet<ModuleView> = new Set<ModuleView>([
  'proc_modules',
  'kernel_list',
  'kernel_kset',
  'kernel_tree',
]);
const VIEWS: readonly ModuleView[] = ['kernel_list', 'kernel_kset', 'kernel_tree', 'proc_modules', 'sysfs', 'kallsyms'];

/** An ordinary module: number 1 is m1 at 0x1100, its code at 0x1000. */
const module = (number: number, name = `m${String(number)}`): ReadingSpec['modules'][number] => ({
  name,
  address: number * 0x1000 + 0x100,
  base: number * 0x1000,
  state: 'Live',
});

/** What a view would show of a module. */
function shown(view: ModuleView, one: ReadingSpec['modules'][number]): ReadingSpec['modules'][number] {
  const { name = '', base = 0, state = '' } = one;
  if (view.startsWith('kernel_')) return one;
  if (view === 'proc_modules') return { name, base, state };
  return view === 'sysfs' ? { name, state: state.toLowerCase() } : { name };
}

/** All readings of a snapshot: m1 and m2 everywhere, m3 in the views given. */
function readings(views: readonly ModuleView[], third = module(3)): ReadingSpec[] {
  return VIEWS.flatMap((view) => {
    const modules = [module(1), module(2), ...(views.includes(view) ? [third] : [])].map((one) => shown(view, one));
    return (TWICE.has(view) ? [1, 2] : [1]).map((pass) => ({ view, pass, modules }));
  });
}

const except = (...views: ModuleView[]): ModuleView[] => MODULE_VIEWS.filter((view) => !views.includes(view));

test('a module off the list that was there before the recording', () => {
  const built = new CaptureBuilder();
  const { seq } = built.look(readings(except('proc_modules', 'kernel_list', 'kallsyms')), 5000, 6000);
  expect(hiddenIn(built)).toEqual([
    expect.objectContaining({
      name: 'm3',
      address: '0x3100',
      base: '0x3000',
      seenIn: ['kernel_tree', 'kernel_kset', 'sysfs'],
      missingFrom: ['proc_modules', 'kallsyms', 'kernel_list'],
      firstSeq: seq,
      lastSeq: seq,
      evidence: [seq],
    }),
  ]);
});

test('a module of which only the tree of addresses knows', () => {
  const built = new CaptureBuilder();
  built.look(readings(['kernel_tree']), 5000, 6000);
  expect(hiddenIn(built)).toMatchObject([{ name: 'm3', seenIn: ['kernel_tree'], missingFrom: except('kernel_tree') }]);
});

test('a module that its load alone gives away, with the call and the sentence', () => {
  const built = new CaptureBuilder();
  const call = built.call({ returned: 0 });
  const load = built.load(call, 0x3100, 'm3');
  const { seq } = built.look(readings([]), 10_000_000, 10_001_000);
  const [hidden, ...others] = hiddenIn(built);
  expect(others).toEqual([]);
  expect(hidden).toMatchObject({
    callId: call,
    seenIn: ['recording'],
    missingFrom: MODULE_VIEWS,
    evidence: [load, seq],
  });
  expect(hidden?.text).toMatch(/^m3 was loaded and not freed, but not in /);
});

test('another module under the name of one that is listed', () => {
  const built = new CaptureBuilder();
  built.look(readings(['kernel_tree'], module(3, 'm1')), 5000, 6000);
  expect(hiddenIn(built)).toMatchObject([
    { name: 'm1', address: '0x3100', missingFrom: ['proc_modules', 'kernel_list', 'kernel_kset'] },
  ]);
});

test('snapshots that are the same are one finding, from the first to the last', () => {
  const built = new CaptureBuilder();
  const first = built.look(readings(['kernel_tree']), 5000, 6000);
  const again = readings(['kernel_tree']).map((reading, index) => ({ ...reading, sameAs: first.views[index] ?? 0 }));
  const last = built.look(again, 15_000, 16_000);
  expect(hiddenIn(built)).toMatchObject([{ firstSeq: first.seq, lastSeq: last.seq }]);
});

describe('nothing is said', () => {
  test('of modules that all views show', () => {
    const built = new CaptureBuilder();
    built.look(readings(VIEWS), 5000, 6000);
    expect(hiddenIn(built)).toEqual([]);
  });

  test.each(['torn', 'cut', 'unavailable'] as const)('by a list that is %s', (state) => {
    const built = new CaptureBuilder();
    const lists = new Set<ModuleView>(['proc_modules', 'kernel_list']);
    built.look(
      readings(except('proc_modules', 'kernel_list')).map((reading) =>
        lists.has(reading.view) ? { ...reading, state } : reading,
      ),
      5000,
      6000,
    );
    expect(hiddenIn(built)).toEqual([]);
  });

  test('where only one of two readings lacks it', () => {
    const built = new CaptureBuilder();
    const all = readings(VIEWS);
    built.look(
      all.map((reading) =>
        reading.view === 'proc_modules' && reading.pass === 1
          ? { ...reading, modules: reading.modules.filter(({ name }) => name !== 'm3') }
          : reading,
      ),
      5000,
      6000,
    );
    expect(hiddenIn(built)).toEqual([]);
  });

  test('where it was freed and loaded again at the same place meanwhile', () => {
    const built = new CaptureBuilder();
    built.load(built.call({ returned: 0, ns: 1000 }), 0x3100, 'm3', 1500);
    built.free(null, 0x3100, 'm3', 5200);
    built.load(null, 0x3100, 'm3', 5800);
    built.look(readings(['kernel_list', 'kernel_tree', 'kernel_kset']), 5000, 6000);
    expect(hiddenIn(built)).toEqual([]);
  });

  test('by symbols alone', () => {
    const built = new CaptureBuilder();
    built.look(readings(except('kallsyms')), 5000, 6000);
    expect(hiddenIn(built)).toEqual([]);
  });

  test('of one that is not yet formed, or whose folder in sysfs is yet to come', () => {
    const built = new CaptureBuilder();
    for (const ns of [5000, 15_000, 25_000, 35_000]) {
      built.look(readings(['kernel_list', 'kernel_tree'], { ...module(3), state: 'Unformed' }), ns, ns + 1000);
      built.look(readings(except('sysfs', 'kernel_kset'), { ...module(3), state: 'Loading' }), ns + 2000, ns + 3000);
    }
    expect(hiddenIn(built)).toEqual([]);
  });

  test('of one that may have been freed, while records were lost', () => {
    const built = new CaptureBuilder();
    built.load(built.call({ returned: 0, ns: 1000 }), 0x3100, 'm3', 1500);
    built.loss('ring-stage', 5, 2000, 4000);
    built.look(readings([]), 5000, 6000);
    expect(hiddenIn(built)).toEqual([]);
  });

  test('once, where loads and frees are not watched; but again and again', () => {
    const blind = ALL_HOOKS.filter(([purpose]) => !purpose.startsWith('module_'));
    const [once, often] = [new CaptureBuilder(blind), new CaptureBuilder(blind)];
    once.look(readings(['kernel_tree']), 5000, 6000);
    for (const ns of [5000, 15_000, 25_000]) often.look(readings(['kernel_tree']), ns, ns + 1000);
    expect(hiddenIn(once)).toEqual([]);
    expect(hiddenIn(often)).toMatchObject([{ name: 'm3' }]);
  });

  test('where only its folder in sysfs was left, once; but again and again', () => {
    const [once, often] = [new CaptureBuilder(), new CaptureBuilder()];
    once.look(readings(['sysfs']), 5000, 6000);
    for (const ns of [5000, 15_000, 25_000]) often.look(readings(['sysfs']), ns, ns + 1000);
    expect(hiddenIn(once)).toEqual([]);
    expect(hiddenIn(often)).toMatchObject([{ name: 'm3', seenIn: ['sysfs'] }]);
  });
});

test.each(Array.from({ length: 16 }, (_, seed) => seed + 1))(
  'a machine where modules come and go all the time, seed %i: only the one that hides is found',
  (seed) => {
    const machine = new Machine(seed);
    const built = new CaptureBuilder();
    built.database.exec('BEGIN');
    machine.play(built, { changes: 100, looks: 60, hides: seed % 2 === 0 });
    built.database.exec('COMMIT');
    expect(hiddenIn(built).map(({ name }) => name)).toEqual(seed % 2 === 0 ? ['hider'] : []);
  },
);
