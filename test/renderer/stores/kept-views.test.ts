import { openSample, settled } from '../page.ts';
import { beforeEach, expect, test } from 'vitest';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useFilters } from '../../../renderer/stores/filters.ts';
import { useKeptViews } from '../../../renderer/stores/kept-views.ts';
import { useRemark } from '../../../renderer/stores/remark.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';
import { useTimeline } from '../../../renderer/stores/timeline.ts';
import { useUndo } from '../../../renderer/stores/undo.ts';
import { useView } from '../../../renderer/stores/view.ts';

beforeEach(async () => {
  await useCaptures().show(openSample());
});

const names = (): string[] => useKeptViews().all.map(({ name }) => name);

test('a view comes back with filter, order and interval', async () => {
  const views = useKeptViews();
  const rows = useAttemptRows();
  await useFilters().set('attempts', 'verdict == rejected');
  rows.sortBy('module');
  useTimeline().interval = { from: 10, to: 1e9 };
  expect(views.keep(' refused ')).toBe(true);
  await settled();
  useFilters().clear('attempts');
  rows.sortBy('time');
  useTimeline().interval = undefined;
  useView().show('capture');
  await settled();
  const [kept] = views.all;
  if (!kept) throw new Error('nothing was kept');
  await views.applyView(kept);
  await settled();
  expect(useView().view).toBe('attempts');
  expect([rows.filter, rows.sort]).toEqual(['verdict == rejected', 'module']);
  expect(useTimeline().interval).toEqual({ from: 10, to: 1e9 });
});

test('names are changed and views removed, and both are undone', async () => {
  const views = useKeptViews();
  views.keep('one');
  views.keep('two');
  expect(views.rename('one', 'two')).toBe(false);
  expect(views.rename('one', 'first')).toBe(true);
  views.remove('two');
  expect(names()).toEqual(['first']);
  useUndo().undo();
  useUndo().undo();
  await settled();
  expect(names()).toEqual(['one', 'two']);
});

test('views of a case join under names that are new', async () => {
  const views = useKeptViews();
  views.keep('one');
  const given = ['one', 'three'].map((name) => ({ name, view: 'events' }));
  expect(views.join(given)).toBe(1);
  await settled();
  expect(names()).toEqual(['one', 'three']);
});

test('what does not fit is passed over', async () => {
  const views = useKeptViews();
  await views.applyView({ name: 'odd', view: 'module' });
  expect(useView().view).toBe('attempts');
  await views.applyView({ name: 'odd', view: 'attempts', sort: 'nothing', interval: { fromNs: 9, toNs: 1 } });
  expect(useAttemptRows().sort).toBe('time');
  expect(useTimeline().interval).toBeUndefined();
  expect(views.keep('   ')).toBe(false);
});

test('a view of the first columns brings them back, and its interval only into a recording that has it', async () => {
  const views = useKeptViews();
  views.keep('plain');
  await settled();
  const [kept] = views.all;
  if (!kept) throw new Error('nothing was kept');
  await useSettings().arrange('attempts', { columns: ['time'], widths: {} });
  await views.applyView({ ...kept, interval: { fromNs: 1, toNs: 2 } });
  expect(useSettings().layout('attempts')).toBeUndefined();
  expect(useTimeline().interval).toBeUndefined();
  expect(useRemark().remark?.words).toContain('outside this recording');
});

test('what another window kept meanwhile outlives an undo', async () => {
  const views = useKeptViews();
  views.keep('mine');
  await settled();
  await useSettings().change({ views: [...views.all, { name: 'other', view: 'events' }] });
  useUndo().undo();
  await settled();
  expect(names()).toEqual(['other']);
  useUndo().redo();
  await settled();
  expect(names()).toEqual(['mine', 'other']);
});

test('of two views of one name in a case file one is taken', async () => {
  const views = useKeptViews();
  expect(views.join([1, 2].map(() => ({ name: 'twin', view: 'events' })))).toBe(1);
  await settled();
  expect(names()).toEqual(['twin']);
});
