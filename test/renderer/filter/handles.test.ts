import { core, openFile, openSample, settled } from '../page.ts';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { termOf, useHandles } from '../../../renderer/filter/handles.ts';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useEventRows } from '../../../renderer/stores/event-rows.ts';
import { useView } from '../../../renderer/stores/view.ts';
import { ATTEMPT_TABLE_COLUMNS } from '../../../renderer/table/attempt-columns.ts';
import { EVENT_TABLE_COLUMNS } from '../../../renderer/table/event-columns.ts';
import { CaptureBuilder, removeFolders } from '../../core/builder.ts';

let capture: string;

afterAll(removeFolders);

beforeEach(async () => {
  const opened = openSample();
  capture = opened.id;
  await useCaptures().show(opened);
});

describe.each(['attempts', 'events'] as const)('a cell of %s', (table) => {
  test('is kept by the filter that its value makes', () => {
    const order = { descending: false, start: 0, limit: 1000 } as const;
    const found =
      table === 'attempts'
        ? core.attempts(capture, { ...order, sort: 'time' })
        : core.events(capture, { ...order, sort: 'seq' });
    if (!found.ok) throw new Error(found.error.message);
    const columns = table === 'attempts' ? ATTEMPT_TABLE_COLUMNS : EVENT_TABLE_COLUMNS;
    for (const column of columns) {
      let tried = 0;
      for (const row of found.value.rows) {
        const handle = column.handle?.(row as never);
        if (!handle || tried > 4) continue;
        tried += 1;
        const filter = termOf(handle);
        const kept =
          table === 'attempts'
            ? core.attempts(capture, { ...order, sort: 'time', filter })
            : core.events(capture, { ...order, sort: 'seq', filter });
        expect(kept.ok ? kept.value.rows.map(({ seq }) => seq) : kept.error, filter).toContain(row.seq);
      }
      expect(tried, column.name).toBeGreaterThan(column.name === 'contradictions' || column.name === 'taints' ? -1 : 0);
    }
  });
});

test('the number of a process of which nothing else is known keeps its row', () => {
  const built = new CaptureBuilder();
  built.call({ returned: 0 });
  built.call({ returned: 0, process: built.process({ pid: 100 }) });
  built.request('fs-ext4', built.process({ pid: 7 }));
  const file = openFile(built.finish());
  if (!file.ok) throw new Error(file.error.message);
  const rowsOf = (filter?: string) => {
    const query = { sort: 'seq', descending: false, start: 0, limit: 10, ...(filter === undefined ? {} : { filter }) };
    const found = core.events(file.value.id, query as Parameters<typeof core.events>[1]);
    if (!found.ok) throw new Error(found.error.message);
    return found.value.rows;
  };
  const column = EVENT_TABLE_COLUMNS.find(({ name }) => name === 'pid');
  const handles = rowsOf().map((row) => [row.seq, column?.text(row), column?.handle?.(row)] as const);
  expect(handles.map(([seq, text]) => [seq, text])).toEqual([
    [1, '100'],
    [2, '100'],
    [3, '7'],
  ]);
  for (const [seq, , handle] of handles) {
    const filter = handle ? termOf(handle) : '';
    expect(filter).not.toBe('');
    expect(
      rowsOf(filter).map((row) => row.seq),
      filter,
    ).toContain(seq);
  }
});

test('a value narrows the table that is looked at down; elsewhere that of attempts, which is shown', async () => {
  const { apply } = useHandles();
  useView().show('events');
  apply({ field: 'kind', value: 'module_load' }, 'only');
  await settled();
  expect([useEventRows().filter, useAttemptRows().filter]).toEqual(['kind == module_load', '']);
  useView().show('capture');
  apply({ field: 'module.taints', value: 'out-of-tree module', operator: 'contains' }, 'only');
  apply({ field: 'process.uid', value: 0 }, 'and not');
  await settled();
  expect(useView().view).toBe('attempts');
  expect(useAttemptRows().filter).toMatch(
    /^(module\.taints contains "out-of-tree module" and )?not process\.uid == 0$/,
  );
});

test('a value with an order can be the first or the last that is kept', () => {
  const { entries } = useHandles();
  const labels = (field: string): string[] =>
    entries({ field, value: 1 }, '1').map((entry) =>
      typeof entry === 'object' && 'label' in entry ? entry.label : '',
    );
  expect(labels('seq')).toContain('… and from here on');
  expect(labels('pid')).not.toContain('… and from here on');
  expect(labels('pid')).toContain('Copy value');
});
