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

/** How a process is named: by its number, with its start where another one had the same. */
function named({ pid, reused, startNs }: LineageRow, whose: 'process' | 'process.ancestor'): string | undefined {
  if (pid === undefined) return undefined;
  if (!reused || startNs === undefined) return filterTerm(`${whose}.pid`, '==', pid);
  return filterTerm(`${whose}.key`, '==', `${String(pid)}@${String(startNs)}`);
}

/** Attempts that a process made itself; undefined where its number is not recorded. */
export const attemptsBy = (row: LineageRow): string | undefined => named(row, 'process');

/** Attempts of a process and of all that came of it. */
export function attemptsUnder(row: LineageRow): string | undefined {
  const own = named(row, 'process');
  const above = named(row, 'process.ancestor');
  return own === undefined || above === undefined ? undefined : combineFilter(own, 'or', above);
}
