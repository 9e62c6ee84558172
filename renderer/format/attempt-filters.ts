/** Filters for the attempts that a row of the roster, or of the tree of processes, counts. */
import { combineFilter, filterTerm } from '#contract/filter-term.ts';
import type { LineageRow } from '#contract/lineage.ts';
import type { RosterGrouping, RosterRow } from '#contract/roster.ts';

/** Undefined of the row for all that has no row of its own. */
export function attemptsAbout(row: RosterRow, grouping: RosterGrouping): string | undefined {
  if (row.rest) return undefined;
  if (grouping === 'image') {
    return row.sha256 === undefined ? 'not has image.sha256' : filterTerm('image.sha256', '==', row.sha256);
  }
  const [name] = row.names.first;
  return name === undefined ? 'not has module.name' : filterTerm('module.name', '==', name);
}

/** Attempts that a process made itself; undefined where its number is not recorded. */
export const attemptsBy = ({ pid }: LineageRow): string | undefined =>
  pid === undefined ? undefined : filterTerm('process.pid', '==', pid);

/** Attempts of a process and of all that came of it. */
export function attemptsUnder(row: LineageRow): string | undefined {
  const own = attemptsBy(row);
  return own === undefined
    ? undefined
    : combineFilter(own, 'or', filterTerm('process.ancestor.pid', '==', row.pid ?? 0));
}
