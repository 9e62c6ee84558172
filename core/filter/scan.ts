/** Conditions over the columns that the survey keeps, as far as these hold what is asked: beside the same in SQL. */
import type { IdSet } from './members.ts';
import type { Sql } from './sql.ts';

/** Few distinct values, each of which is asked about once. */
export type CodedColumn = 'kind' | 'verdict' | 'returned';

/**
 * Ids of rows of other tables; text: of the event whose argument texts are the call's; call: the number of the call, or of
 * the one that it is identical to.
 */
export type IdColumn = 'process' | 'file' | 'seq' | 'text' | 'call';

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
