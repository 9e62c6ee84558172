/** What differences are called, and what stands in their rows. */
import type { DifferenceColumn, DifferenceGroup, DifferenceRow } from '#contract/module-compare.ts';
import type { Column } from '../../table/column.ts';

export const GROUP_WORDS: Readonly<Record<DifferenceGroup, string>> = {
  signature: 'signature',
  modinfo: '.modinfo',
  parameters: 'parameters',
  imports: 'imports',
  exports: 'exports',
  functions: 'functions',
  sections: 'sections',
  strings: 'strings',
  bytes: 'bytes',
};

export const SIDE_WORDS: Readonly<Record<DifferenceRow['side'], string>> = {
  here: 'only here',
  there: 'only in the other',
  both: 'differs',
};

/** Columns; `values` is no order of the list. */
export const DIFFERENCE_TABLE: readonly Column<DifferenceColumn>[] = [
  { name: 'group', heading: 'what', width: '86px' },
  { name: 'side', heading: 'how', width: '134px' },
  { name: 'name', heading: 'name: here → in the other', width: 'minmax(200px, 1fr)', mono: true },
];

/** The name and both values in one line. */
export function differenceWords({ name, here, there, remark }: DifferenceRow): string {
  const values = here !== undefined && there !== undefined ? `${here} → ${there}` : (here ?? there ?? '');
  const said = remark === undefined ? '' : `  (${remark})`;
  return `${name}${values === '' ? '' : `: ${values}`}${said}`;
}
