/** Conditions over the columns that the survey keeps, as far as these hold what is asked: beside the same in SQL. */
import { Members, type IdSet } from './members.ts';
import type { Sql } from './sql.ts';

/** Few distinct values, each of which is asked about once. */
export type CodedColumn = 'kind' | 'verdict' | 'returned';

/** Ids of rows of other tables; text: of the event whose argument texts and readings are the call's. */
export type IdColumn = 'process' | 'file' | 'seq' | 'text';

export type Scan =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Scan[] }
  | { readonly kind: 'not'; readonly part: Scan }
  /** The name `value` in the test is the column's value, NULL where a row has none. */
  | { readonly kind: 'value'; readonly column: CodedColumn; readonly test: Sql }
  | { readonly kind: 'member'; readonly column: IdColumn; readonly members: IdSet }
  /** Boot time, between two moments or others, all included. */
  | { readonly kind: 'moments'; readonly stretches: readonly (readonly [from: bigint, to: bigint])[] }
  /** The first load, or free, within the call is among those changes of modules; where there are none, any one will do. */
  | { readonly kind: 'change'; readonly loads: boolean; readonly members: IdSet | undefined }
  /** The call shared one of those loads; where there are none, any one will do. */
  | { readonly kind: 'shared'; readonly members: IdSet | undefined }
  /** The call gives its module parameters, or a pointer to some. */
  | { readonly kind: 'given' }
  /** What no column holds. */
  | { readonly kind: 'sql'; readonly condition: Sql };

type Joined = Extract<Scan, { readonly kind: 'and' | 'or' }>;

/** Passes no row, or every one. */
export const NONE: Joined = { kind: 'or', parts: [] };
export const EVERY: Joined = { kind: 'and', parts: [] };

/** All that is to be true of a row. */
export const conjuncts = (scan: Scan): readonly Scan[] =>
  scan.kind === 'and' ? scan.parts.flatMap(conjuncts) : [scan];

const isEmpty = (scan: Scan, { kind }: Joined): boolean => scan.kind === kind && (scan as Joined).parts.length === 0;

/** The same without what no row can pass because a set is empty, and without what every row passes. */
export function simplified(scan: Scan): Scan {
  switch (scan.kind) {
    case 'and':
    case 'or': {
      const [decides, neutral] = scan.kind === 'and' ? [NONE, EVERY] : [EVERY, NONE];
      const parts = scan.parts.map(simplified).filter((part) => !isEmpty(part, neutral));
      if (parts.some((part) => isEmpty(part, decides))) return decides;
      const [only] = parts;
      return only && parts.length === 1 ? only : { kind: scan.kind, parts };
    }
    case 'not': {
      const part = simplified(scan.part);
      if (isEmpty(part, NONE)) return EVERY;
      return isEmpty(part, EVERY) ? NONE : { kind: 'not', part };
    }
    case 'member':
    case 'change':
    case 'shared':
      return scan.members?.size === 0 ? NONE : scan;
    default:
      return scan;
  }
}

type OfMembers = Extract<Scan, { readonly kind: 'member' }>;

/** The same with one set for each column where any one of several sets will do: whoever goes through the column does that once. */
export function united(scan: Scan): Scan {
  if (scan.kind === 'and') return { kind: 'and', parts: scan.parts.map(united) };
  if (scan.kind === 'not') return { kind: 'not', part: united(scan.part) };
  if (scan.kind !== 'or') return scan;
  const sets = new Map<IdColumn, Members>();
  const parts: Scan[] = [];
  for (const part of scan.parts.map(united).flatMap((one) => (one.kind === 'or' ? one.parts : [one]))) {
    if (!isListed(part)) {
      parts.push(part);
      continue;
    }
    const members = sets.get(part.column);
    sets.set(part.column, members ?? part.members.copy());
    members?.join(part.members);
  }
  for (const [column, members] of sets) parts.push({ kind: 'member', column, members });
  return { kind: 'or', parts };
}

const isListed = (scan: Scan): scan is OfMembers & { readonly members: Members } =>
  scan.kind === 'member' && scan.members instanceof Members;
