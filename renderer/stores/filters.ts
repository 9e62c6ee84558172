/** The filters of both tables: what is typed, what is wrong with it, and what is applied. */
import { FILTER_TABLES, type FilterCompletions, type FilterReading, type FilterTable } from '#contract/filter.ts';
import { combineFilter, type Combination } from '#contract/filter-term.ts';
import { defineStore } from 'pinia';
import { reactive, shallowReactive } from 'vue';
import { bridge } from '../bridge.ts';
import { latest } from '../filter/latest.ts';
import { useAttemptRows } from './attempt-rows.ts';
import { useCaptures } from './captures.ts';
import { useEventRows } from './event-rows.ts';
import { useNotices } from './notices.ts';
import { useSettings } from './settings.ts';

/** A reading, with the text that was read: what is typed may have gone on. */
export interface ReadFilter extends FilterReading {
  readonly text: string;
}

const EMPTY: ReadFilter = { text: '', tokens: [], problems: [] };

export const useFilters = defineStore('filters', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const settings = useSettings();
  const rows = { attempts: useAttemptRows(), events: useEventRows() };
  const drafts = reactive<Record<FilterTable, string>>({ attempts: '', events: '' });
  const readings = shallowReactive<Record<FilterTable, ReadFilter>>({ attempts: EMPTY, events: EMPTY });
  const readLast = () =>
    latest((capture: string, table: FilterTable, text: string) => bridge.readFilter(capture, table, text));
  const ask = { attempts: readLast(), events: readLast() };
  const asked = { attempts: 0, events: 0 };

  const applied = (table: FilterTable): string => rows[table].filter;

  /** Reads what is typed; only the answer to the last question counts. */
  async function read(table: FilterTable): Promise<ReadFilter | undefined> {
    const text = drafts[table];
    const question = ++asked[table];
    const capture = captures.currentId;
    if (text.trim() === '' || capture === undefined) {
      readings[table] = { ...EMPTY, text };
      return readings[table];
    }
    const answer = await ask[table](capture, table, text);
    const found = answer && notices.valueOf(answer);
    if (!found) return undefined;
    const reading = { ...found, text };
    if (question === asked[table]) readings[table] = reading;
    return reading;
  }

  function type(table: FilterTable, text: string): void {
    drafts[table] = text;
    void read(table);
  }

  async function complete(table: FilterTable, caret: number): Promise<FilterCompletions | undefined> {
    const capture = captures.currentId;
    if (capture === undefined) return undefined;
    const answer = await bridge.completeFilter(capture, table, drafts[table], caret);
    // A list that does not come is no reason to interrupt who types.
    return answer.ok ? answer.value : undefined;
  }

  /** Applies what is typed. @returns whether it is a filter */
  async function apply(table: FilterTable): Promise<boolean> {
    const text = drafts[table];
    // Reading takes a way to the store and back, and was done while it was typed; it depends on the text alone.
    const reading = readings[table].text === text ? readings[table] : await read(table);
    if (!reading || reading.problems.length > 0 || drafts[table] !== text) return false;
    rows[table].narrow(text.trim());
    if (text.trim() !== '') await settings.rememberFilter(text.trim());
    return true;
  }

  /** Puts a filter in place of the one of now. */
  async function set(table: FilterTable, text: string): Promise<boolean> {
    drafts[table] = text;
    return await apply(table);
  }

  /** Adds a condition to the filter that is applied. */
  const add = (table: FilterTable, how: Combination, term: string): Promise<boolean> =>
    set(table, combineFilter(applied(table), how, term));

  function clear(table: FilterTable): void {
    drafts[table] = '';
    void apply(table);
  }

  /** A filter of before is applied again; where it comes from a file and is none, the field tells. */
  function restore(table: FilterTable, text: string): void {
    rows[table].narrow(text);
    type(table, text);
  }

  /** What is wrong with a filter that is to hold in either table; undefined where it is one in one of them. */
  async function problemOf(text: string): Promise<string | undefined> {
    const capture = captures.currentId;
    if (capture === undefined || text.trim() === '') return undefined;
    const found = await Promise.all(FILTER_TABLES.map((table) => bridge.readFilter(capture, table, text)));
    const wrong = found.map((answer) => (answer.ok ? answer.value.problems[0] : undefined));
    const [first] = wrong;
    return wrong.includes(undefined) || !first ? undefined : `column ${String(first.column)}: ${first.message}`;
  }

  return { drafts, readings, applied, read, type, complete, apply, set, add, clear, restore, problemOf };
});
