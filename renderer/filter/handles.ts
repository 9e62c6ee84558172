/** Every value is a handle: what can be done with one, by menu and by key. */
import type { FilterTable } from '#contract/filter.ts';
import { filterTerm, type Combination, type TermOperator } from '#contract/filter-term.ts';
import { useClipboard } from '../stores/clipboard.ts';
import type { MenuEntry } from '../stores/context-menu.ts';
import { useFilters } from '../stores/filters.ts';
import { useRemark } from '../stores/remark.ts';
import { useView } from '../stores/view.ts';

/** A value, and the field of the filter language that holds it. */
export interface Handle {
  readonly field: string;
  readonly value: string | number | boolean;
  /** How rows are compared with it; equality where it is not said. */
  readonly operator?: TermOperator;
}

export interface HandleDeeds {
  /** Narrows the table that is looked at down, or that of attempts where none is. */
  apply(handle: Handle, how: Combination): void;
  copy(text: string): void;
  /** @param text - the value as it is read */
  entries(handle: Handle, text: string): readonly MenuEntry[];
}

/** A handle where there is a value. */
export const handleOf = (
  field: string,
  value: Handle['value'] | undefined,
  operator?: TermOperator,
): Handle | undefined => (value === undefined ? undefined : { field, value, ...(operator ? { operator } : {}) });

/** Of a duration: rows that took at least as long. */
export const durationHandle = (ns: string | number | undefined): Handle | undefined =>
  ns === undefined ? undefined : { field: 'duration', value: `${String(ns)}ns`, operator: '>=' };

/** What a call came back with: an error's name, a value, or nothing. */
export function returnHandle(call: {
  readonly errno?: string;
  readonly returnValue?: string | number;
  readonly args?: readonly unknown[];
}): Handle | undefined {
  if (call.errno !== undefined) return { field: 'errno', value: call.errno };
  if (call.args === undefined) return undefined;
  return call.returnValue === undefined
    ? { field: 'pending', value: true }
    : { field: 'return', value: call.returnValue };
}

/** Fields whose values have an order that means something. */
const ORDERED = /^(?:time|seq|duration|repeat|.*size|len)$/;

const WAYS: readonly { readonly how: Combination; readonly label: string; readonly hint?: string }[] = [
  { how: 'only', label: 'Apply as filter', hint: '=' },
  { how: 'and', label: '… and', hint: '&' },
  { how: 'and not', label: '… and not', hint: '!' },
  { how: 'or', label: '… or', hint: '|' },
];

/** Which way of filtering a key stands for. */
export const HANDLE_KEYS: Readonly<Record<string, Combination>> = {
  '=': 'only',
  '&': 'and',
  '!': 'and not',
  '|': 'or',
};

export const termOf = ({ field, operator, value }: Handle): string => filterTerm(field, operator ?? '==', value);

export function useHandles(): HandleDeeds {
  const clipboard = useClipboard();
  const filters = useFilters();
  const view = useView();
  const { say } = useRemark();

  function apply(handle: Handle, how: Combination): void {
    const table: FilterTable = view.view === 'events' ? 'events' : 'attempts';
    if (view.view !== table) view.show(table);
    void filters.add(table, how, termOf(handle));
  }

  async function copy(text: string): Promise<void> {
    if (await clipboard.copy(text)) say('copied');
  }

  return {
    apply,
    copy: (text) => void copy(text),
    entries: (handle, text) => [
      { heading: termOf(handle), exact: true },
      ...WAYS.map(({ how, label, ...hint }) => ({
        ...{ label, ...hint },
        run: () => {
          apply(handle, how);
        },
      })),
      ...(ORDERED.test(handle.field) && handle.operator === undefined
        ? (['>=', '<='] as const).map((operator) => ({
            label: operator === '>=' ? '… and from here on' : '… and up to here',
            hint: operator,
            run: () => {
              apply({ ...handle, operator }, 'and');
            },
          }))
        : []),
      { label: 'Copy value', run: () => void copy(text) },
    ],
  };
}
