import { bridge, holdBack, openSample, settled } from '../page.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useEventRows } from '../../../renderer/stores/event-rows.ts';
import { useFilters } from '../../../renderer/stores/filters.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';

beforeEach(async () => {
  await useCaptures().show(openSample());
});

test('a filter that is applied keeps its rows, and is remembered', async () => {
  const rows = useAttemptRows();
  const filters = useFilters();
  expect(await filters.set('attempts', ' verdict == rejected ')).toBe(true);
  await settled();
  expect(rows.filter).toBe('verdict == rejected');
  expect(rows.total).toBeGreaterThan(3);
  expect(rows.row(0)?.verdict).toBe('rejected');
  expect(useSettings().filters).toEqual(['verdict == rejected']);
  expect(useEventRows().filter).toBe('');
});

test('what is no filter is not applied, and what is wrong with it is told', async () => {
  const filters = useFilters();
  expect(await filters.set('attempts', 'verdct == rejected')).toBe(false);
  expect(useAttemptRows().filter).toBe('');
  expect(filters.readings.attempts.problems[0]).toMatchObject({ column: 1, suggestion: 'verdict' });
});

test('a condition is added to what is applied, not to what is being typed', async () => {
  const filters = useFilters();
  await filters.set('attempts', 'verdict == live or verdict == unloaded');
  filters.type('attempts', 'half of som');
  await filters.add('attempts', 'and', 'process.comm == modprobe');
  expect(useAttemptRows().filter).toBe('(verdict == live or verdict == unloaded) and process.comm == modprobe');
});

test('only the reading of the last text counts', async () => {
  const filters = useFilters();
  const next = holdBack('readFilter');
  filters.type('attempts', 'pid');
  await settled();
  filters.type('attempts', 'pid ==');
  filters.type('attempts', 'pid == 1');
  await settled();
  await next();
  expect(filters.readings.attempts.text).toBe('');
  await next();
  expect(filters.readings.attempts.text).toBe('pid == 1');
});

test('nothing typed asks nobody, and shows all rows', async () => {
  const filters = useFilters();
  await filters.set('attempts', 'verdict == live');
  const asked = vi.spyOn(bridge, 'readFilter');
  filters.clear('attempts');
  await settled();
  expect(asked).not.toHaveBeenCalled();
  expect(useAttemptRows().filter).toBe('');
});

test('the values that can stand at the caret come from the capture', async () => {
  const filters = useFilters();
  filters.type('attempts', 'process.comm == ');
  const found = await filters.complete('attempts', 16);
  expect(found?.items.map(({ text }) => text)).toContain('modprobe');
});

test('filters of both tables that are put back at once are both read', async () => {
  const filters = useFilters();
  filters.restore('attempts', 'pid == 1');
  filters.restore('events', 'pid == 2');
  await settled();
  expect([filters.readings.attempts.text, filters.readings.events.text]).toEqual(['pid == 1', 'pid == 2']);
});
