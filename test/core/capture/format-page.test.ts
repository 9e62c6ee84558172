/** docs/capture-format.md against the schema: nothing is missing, nothing is made up, and its queries run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { EVENT_KINDS } from '#contract/event.ts';
import { schemaText } from '#core/capture/schema.ts';

const ROOT = join(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/capture-format.md'), 'utf8');
const schema = new Database(':memory:');
schema.exec(schemaText());

const tables = schema
  .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
  .all();

/** The part of the page below a table's heading. */
function section(table: string): string {
  return new RegExp(`\\n### ${table}\\n(.*?)(?=\\n##)`, 's').exec(page)?.[1] ?? '';
}

test.each(tables.map(({ name }) => name))('every column of %s has its row, in order', (table) => {
  const columns = schema.pragma(`table_info(${table})`) as { name: string }[];
  const [described = ''] = section(table).split(/\n\n\| (?:Kind|Source|Reason) /);
  const rows = [...described.matchAll(/^\| `(\w+)` +\| \S/gm)].map(([, name]) => name);
  expect(rows).toEqual(columns.map(({ name }) => name));
});

test('no table is described that is not there', () => {
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(headings).toEqual(tables.map(({ name }) => name));
});

test('every word that a column may hold is explained', () => {
  for (const { name, sql } of tables) {
    for (const [, list = ''] of sql.matchAll(/IN \(([^)]*)\)/g)) {
      for (const [, word] of list.matchAll(/'([^']+)'/g))
        expect(section(name), `${name}: ${word ?? ''}`).toContain(`\`${word ?? ''}\``);
    }
  }
  for (const kind of EVENT_KINDS) expect(section('event')).toContain(`\`${kind}\``);
});

const queries = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => sql);

test.each(queries)('a query of the page runs on the sample: %s', (sql) => {
  const sample = new Database(join(ROOT, 'samples/sample.modtrail'), { readonly: true });
  const rows = sample.prepare(sql).all();
  sample.close();
  // The sample lost nothing and missed no hook.
  if (!sql.includes('loss_fact')) expect(rows.length).toBeGreaterThan(0);
});

test('the numbers that name the format', () => {
  expect(queries.length).toBeGreaterThan(4);
  expect(page).toContain(`0x${(schema.pragma('application_id', { simple: true }) as number).toString(16)}`);
});
