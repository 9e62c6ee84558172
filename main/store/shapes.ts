/** What the arguments of the store's verbs may be, at run time. Both main and the store process check with these. */
import type { ModuleApi, StoreApi } from '#contract/api.ts';
import { MOST_BYTES } from '#contract/module.ts';
import { PART_NAMES } from '#contract/inspect.ts';
import { DIFFERENCE_COLUMNS, DIFFERENCE_GROUPS } from '#contract/module-compare.ts';
import { MODULE_LISTS, type ModuleList } from '#contract/module-rows.ts';
import { MOST_TOGGLED } from '#contract/lineage.ts';
import { FILTER_TABLES, MOST_FILTER, type FilterTable } from '#contract/filter.ts';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS } from '#contract/page.ts';
import { EXPORT_COLUMNS, EXPORT_FORMS, type ExportRequest } from '#contract/row-export.ts';
import { MOST_RULES } from '#contract/row-colours.ts';
import { ROSTER_COLUMNS, ROSTER_GROUPINGS } from '#contract/roster.ts';
import { z } from 'zod';

/** Rows in one page at most. */
const MOST_ROWS = 1000;

/** Columns of the timeline at most: a very wide screen's pixels. */
const MOST_COLUMNS = 16384;

/** Lower case, as every answer has it. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const handle = z.string().min(1).max(64);
const count = z.int().min(0);

/** A signed 64-bit integer, as contract/wide.ts writes it. */
const wide = z.union([z.int(), z.string().refine(isInt64, 'expected a 64-bit integer')]);

/** A refinement sees every string, also one that an earlier check has refused. */
function isInt64(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

const interval = z.strictObject({ fromNs: wide, toNs: wide });

const order = <Columns extends readonly string[]>(columns: Columns) =>
  z.strictObject({
    sort: z.enum(columns),
    descending: z.boolean(),
    within: interval.exactOptional(),
    filter: z.string().max(MOST_FILTER).exactOptional(),
  });

const page = <Columns extends readonly string[]>(columns: Columns) =>
  order(columns).extend({ start: z.int().min(-MOST_ROWS), limit: z.int().min(0).max(MOST_ROWS) });

const filterTable = z.enum(FILTER_TABLES);

/** What is too long for a filter is read and told as that, up to what nobody types. */
const filterText = z.string().max(8 * MOST_FILTER);

const timeline = interval.extend({ columns: z.int().min(1).max(MOST_COLUMNS) });

/** Characters of a text that is looked for at most. */
const MOST_TEXT = 1000;

const rows = { start: count, limit: z.int().min(1).max(MOST_ROWS) };

const rosterOrder = z.strictObject({
  grouping: z.enum(ROSTER_GROUPINGS),
  sort: z.enum(ROSTER_COLUMNS),
  descending: z.boolean(),
  text: z.string().max(MOST_TEXT).exactOptional(),
  within: interval.exactOptional(),
});

const lineageView = z.strictObject({
  toggled: z.array(count).max(MOST_TOGGLED),
  everything: z.boolean().exactOptional(),
  text: z.string().max(MOST_TEXT).exactOptional(),
  within: interval.exactOptional(),
});

/** A column is exported once. */
const exported = <Table extends FilterTable, Columns extends readonly string[]>(table: Table, columns: Columns) => {
  const names = Object.keys(EXPORT_COLUMNS[table]) as (keyof (typeof EXPORT_COLUMNS)[Table] & string)[];
  return z.strictObject({
    table: z.literal(table),
    form: z.enum(EXPORT_FORMS),
    columns: z.array(z.enum(names)).min(1).max(names.length),
    order: order(columns),
  });
};

export const exportRequest: z.ZodType<ExportRequest> = z.discriminatedUnion('table', [
  exported('attempts', ATTEMPT_COLUMNS),
  exported('events', EVENT_COLUMNS),
]);

/** A check of an argument list. */
export type Shape<Args extends readonly unknown[]> = z.ZodType<Args>;

/** Shape of the argument list of each verb that the store answers. */
export const STORE_SHAPES: { readonly [V in keyof StoreApi]: Shape<Parameters<StoreApi[V]>> } = {
  captureInfo: z.tuple([handle]),
  attempts: z.tuple([handle, page(ATTEMPT_COLUMNS)]),
  events: z.tuple([handle, page(EVENT_COLUMNS)]),
  attempt: z.tuple([handle, count]),
  attemptStory: z.tuple([handle, count]),
  event: z.tuple([handle, count]),
  attemptIndex: z.tuple([handle, count, order(ATTEMPT_COLUMNS)]),
  eventIndex: z.tuple([handle, count, order(EVENT_COLUMNS)]),
  readFilter: z.tuple([handle, filterTable, filterText]),
  completeFilter: z.tuple([handle, filterTable, filterText, count]),
  firstMatches: z.tuple([handle, filterTable, z.array(filterText).max(MOST_RULES), z.array(count).max(MOST_ROWS)]),
  timeline: z.tuple([handle, timeline]),
  images: z.tuple([handle]),
  imageUse: z.tuple([handle, sha256]),
  roster: z.tuple([handle, rosterOrder.extend(rows)]),
  rosterIndex: z.tuple([handle, count, rosterOrder]),
  lineage: z.tuple([handle, lineageView.extend(rows)]),
  lineageIndex: z.tuple([handle, count, lineageView]),
  reference: z.tuple([]),
};

/** Characters of a pattern at most. */
const MOST_PATTERN = 4096;

const list = z.enum(Object.keys(MODULE_LISTS) as ModuleList[]);

const listOrder = z.strictObject({
  sort: z.enum(Object.values(MODULE_LISTS).flat()),
  descending: z.boolean(),
  filter: z.string().max(MOST_PATTERN).exactOptional(),
  only: z.string().max(64).exactOptional(),
});

/** Shape of the argument list of each verb that the process for modules answers. */
export const MODULE_SHAPES: { readonly [V in keyof ModuleApi]: Shape<Parameters<ModuleApi[V]>> } = {
  moduleBytes: z.tuple([handle, count, z.int().min(1).max(MOST_BYTES)]),
  modulePart: z.tuple([handle, z.enum(PART_NAMES)]),
  moduleRows: z.tuple([handle, list, listOrder.extend({ start: count, limit: z.int().min(1).max(MOST_ROWS) })]),
  moduleRowIndex: z.tuple([handle, list, count, listOrder]),
  placeInModule: z.tuple([handle, count]),
  findInModule: z.tuple([handle, z.string().min(1).max(MOST_PATTERN)]),
  moduleCode: z.tuple([handle, z.strictObject({ at: count, start: count, limit: z.int().min(1).max(MOST_ROWS) })]),
  codeText: z.tuple([handle, count]),
  findInCode: z.tuple([handle, count, z.string().min(1).max(MOST_PATTERN)]),
  compareStep: z.tuple([handle, handle, z.boolean()]),
  differences: z.tuple([
    handle,
    handle,
    z.strictObject({
      sort: z.enum(DIFFERENCE_COLUMNS),
      descending: z.boolean(),
      filter: z.string().max(MOST_PATTERN).exactOptional(),
      only: z.enum(DIFFERENCE_GROUPS).exactOptional(),
      start: count,
      limit: z.int().min(1).max(MOST_ROWS),
    }),
  ]),
  searchModule: z.tuple([
    handle,
    z.strictObject({
      kind: z.enum(['text', 'bytes']),
      pattern: z.string().min(1).max(MOST_PATTERN),
      ignoreCase: z.boolean(),
      from: count,
    }),
  ]),
};

/** What is wrong with a value, in one line: the place and what was expected there. */
export function objection(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'it does not fit';
  const place = issue.path.map(String).join('.');
  return (place === '' ? issue.message : `${place}: ${issue.message}`).slice(0, 200);
}
