import { openSample, settled } from '../page.ts';
import { beforeEach, expect, test } from 'vitest';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useFilters } from '../../../renderer/stores/filters.ts';
import { useKeptViews } from '../../../renderer/stores/kept-views.ts';
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
