/**
 * Where the values of fields lie, as conditions on a row of `event`. A place is handed a test of one value and makes of
 * it a condition on the row: true where the row has a value that passes. What is absent passes no test.
 */
import { CALL_KINDS } from '#contract/event.ts';
import { RETURNED, TOOK, TOOK_LATER } from '../capture/events.ts';
import { DECOMPRESSED } from '../capture/images.ts';
import type { CodedColumn } from './scan.ts';
import type { StoredSets } from './sets.ts';
import { all, any, bound, constant, listed, sql, type Sql } from './sql.ts';
import { sourceOf } from './text-test.ts';

/** A condition on one value. Its answer is NULL or false where the value is NULL. */
export type Test = (value: Sql) => Sql;

/**
 * How rows of other tables are found. set: all that pass are found first, once for a statement, and rows are held against
 * the set: for going through all rows. row: each row's own is looked at: for few rows. Stored sets: as set, with what was
 * found before.
 */
export type Lookup = 'set' | 'row' | StoredSets;

export type Place = (by: Lookup, test: Test) => Sql;

/*
 * In all that follows a + keeps the planner from the indexes on kinds and processes: through them one finds all rows of a kind,
 * of which there may be millions, where those of a stretch are asked for. Only a filter's own outermost conditions are to use an index.
 */

/** A condition on a value that a column holds; `over` is the value where the column's is called `value`. */
export function overColumn(column: CodedColumn, value: string, test: Test, over = 'value'): Sql {
  return { ...test(constant(value)), scan: { kind: 'value', column, test: test(constant(over)) } };
}

const ofKinds = (kinds: readonly string[]): Sql =>
  overColumn('kind', '+event.kind', (kind) => sql`${kind} IN (${constant(kinds.map((one) => `'${one}'`).join(', '))})`);

export const IS_CALL = ofKinds(CALL_KINDS);
export const IS_LOAD_CALL = ofKinds(['finit_module', 'init_module']);
export const IS_REMOVAL = ofKinds(['delete_module']);
export const IS_CHANGE = ofKinds(['module_load', 'module_free']);
export const IS_REQUEST = ofKinds(['module_request']);
export const IS_LOSS = ofKinds(['loss']);
const IS_READING = ofKinds(['image_read']);

const SEQ: Sql = { ...constant('event.seq'), column: 'seq' };
const PROCESS_ID: Sql = { ...constant('+event.process_id'), column: 'process' };

/** The rows of other tables that belong to `outer` by their `key`. */
export function among(by: Lookup, outer: Sql, key: Sql, from: Sql, condition: Sql): Sql {
  if (typeof by === 'object') return by.member(outer, { key, from, condition });
  return by === 'set'
    ? sql`${outer} IN (SELECT ${key} FROM ${from} WHERE ${condition})`
    : sql`EXISTS (SELECT 1 FROM ${from} WHERE ${key} = ${outer} AND ${condition})`;
}

/** A column of type ANY as people see it: bytes that are no text are written out. */
export function shown(column: string): Sql {
  const text = constant(`CASE typeof(${column}) WHEN 'blob' THEN shown_text(${column}) ELSE ${column} END`);
  const source = sourceOf(column);
  return source ? { ...text, source } : text;
}

/** A value of the row itself. */
export const ofRow =
  (value: string): Place =>
  (_, test) =>
    test(constant(value));

/** A value that only calls have. */
export const ofCall =
  (value: string): Place =>
  (_, test) =>
    all([IS_CALL, test(constant(value))]);

const TOOK_BY_CALL = constant(`coalesce(event.duration_ns, CASE WHEN ${IS_CALL.text} THEN ${TOOK_LATER} END)`);

/**
 * How long a call took. Most rows without such a value are no calls, and few that have one pass: of the others nothing is looked
 * up, or asked, that they do not need.
 */
export const ofDuration: Place = (_, test) => all([test(TOOK_BY_CALL), IS_CALL]);

/** The same where a column holds it, or what it follows from. */
export const ofHeld =
  (column: CodedColumn, value: string, over?: string): Place =>
  (_, test) =>
    all([IS_CALL, overColumn(column, value, test, over)]);

/** What coalesced calls have from the call that they are identical to. */
export const alike = (column: string): string =>
  `coalesce(event.${column}, (SELECT alike.${column} FROM event AS alike WHERE alike.seq = event.like_seq))`;

const FILE_ID: Sql = { ...constant(alike('file_id')), column: 'file' };

export const ofProcess =
  (value: Sql): Place =>
  (by, test) =>
    among(by, PROCESS_ID, constant('process.id'), constant('process'), test(value));

export const PATH = constant(
  `CASE WHEN file.fs_name IN ('pipefs', 'sockfs', 'anon_inodefs') OR typeof(file.path) = 'blob'
     THEN file_path(file.fs_name, file.inode, file.path) ELSE file.path END`,
);

const inFiles = (by: Lookup, id: Sql, test: Sql): Sql => among(by, id, constant('file.id'), constant('file'), test);

export const ofFile =
  (value: Sql): Place =>
  (by, test) =>
    inFiles(by, FILE_ID, test(value));

export const ofProgram: Place = (by, test) =>
  ofProcess({ ...constant('process.exe_file_id'), source: 'process.exe' })(by, (id) => inFiles(by, id, test(PATH)));

/** No chain of parents is followed further, as by the readers. */
const CHAIN_LIMIT = '1024';

/**
 * Any process above. Many processes have few distinct parents: the chains are walked from each of these once, and not from
 * each process.
 */
export const ofAncestor =
  (value: string): Place =>
  (by, test) => {
    const above = (start: string): Sql =>
      sql`EXISTS (WITH RECURSIVE up(id) AS (SELECT ${constant(start)} UNION
        SELECT below.parent_id FROM up JOIN process AS below ON below.id = up.id WHERE below.parent_id IS NOT NULL
        LIMIT ${constant(CHAIN_LIMIT)})
        SELECT 1 FROM up JOIN process ON process.id = up.id WHERE ${test(constant(value))})`;
    if (by === 'row') {
      return sql`EXISTS (SELECT 1 FROM process AS child WHERE child.id = event.process_id
        AND child.parent_id IS NOT NULL AND ${above('child.parent_id')})`;
    }
    const parents = sql`(SELECT DISTINCT parent_id AS id FROM process WHERE parent_id IS NOT NULL) AS parent`;
    const within = among(by, constant('process.parent_id'), constant('parent.id'), parents, above('parent.id'));
    return among(by, PROCESS_ID, constant('process.id'), constant('process'), within);
  };

/** A fact that an event of that kind has in a table of its own. */
export const ofFact =
  (kind: Sql, table: string, value: Sql): Place =>
  (by, test) =>
    all([kind, among(by, SEQ, constant(`${table}.seq`), constant(table), test(value))]);

const CALL_OF = constant(`CASE WHEN event.like_seq IS NULL THEN event.call_id
  ELSE (SELECT alike.call_id FROM event AS alike WHERE alike.seq = event.like_seq) END`);

/** Of the event whose texts and readings are a call's: its own, or that of the call that it is identical to. */
export const TEXT_SEQ: Sql = { ...constant('coalesce(event.like_seq, event.seq)'), column: 'text' };

/*
 * A call has few rows and a kind may have millions, which the planner does not know: below, a + keeps it from the index on
 * kinds, and CROSS JOIN has it begin where the test is, or where the call is.
 */

/** Of several readings in a call the first counts, and what the kernel unpacked counts as none. */
const FIRST_READING = constant(`+reading.kind = 'image_read' AND reading.call_id IS NOT NULL
  AND image_fact.reason IS NOT '${DECOMPRESSED}'
  AND NOT EXISTS (SELECT 1 FROM event AS other JOIN image_fact AS fact ON fact.seq = other.seq
    WHERE other.call_id = reading.call_id AND +other.kind = 'image_read' AND fact.reason IS NOT '${DECOMPRESSED}'
      AND (other.ns, other.seq) < (reading.ns, reading.seq))`);

const READINGS = constant('image_fact CROSS JOIN event AS reading ON reading.seq = image_fact.seq');
const EVENTS_OF_READINGS = constant(
  `${READINGS.text} CROSS JOIN event AS of_call ON of_call.call_id = reading.call_id`,
);
const READINGS_OF_CALL = constant('event AS reading CROSS JOIN image_fact ON image_fact.seq = reading.seq');

const EVENTS_OF_CALLS = constant(
  `${READINGS_OF_CALL.text} CROSS JOIN event AS of_call ON of_call.call_id = reading.call_id`,
);

/** A fact of the image that the kernel was given in a call, or that an image_read event speaks of. */
export const ofImage =
  (value: string): Place =>
  (by, test) => {
    const reading = test(constant(value));
    const condition = {
      ...sql`${reading} AND ${FIRST_READING}`,
      reading: { condition: reading, from: EVENTS_OF_CALLS },
    };
    // Of many rows the call is asked for by its own number: that is held, and calls are not.
    const ofCall =
      by === 'row'
        ? among(by, CALL_OF, constant('reading.call_id'), READINGS_OF_CALL, condition)
        : among(by, TEXT_SEQ, constant('of_call.seq'), EVENTS_OF_READINGS, condition);
    return any([ofFact(IS_READING, 'image_fact', constant(value))(by, test), all([IS_LOAD_CALL, ofCall])]);
  };

/** Hash of the image that the kernel was given in a call, to sort by. */
export const DIGEST_OF_CALL = `CASE WHEN ${IS_LOAD_CALL.text} THEN (SELECT image_fact.sha256 FROM ${READINGS_OF_CALL.text}
  WHERE reading.call_id = ${CALL_OF.text} AND ${FIRST_READING.text} LIMIT 1) END`;

/** What the judge is told of a call. */
const BRIEF_CELLS = `event.seq, event.ns, event.kind, event.call_id, event.file_id, ${RETURNED}, ${TOOK}, event.repeat,
  event.last_ns`;

/** NULL where the call shared no load. */
export const SHARED_LOAD = 'shared_load(event.seq)';

const CAN_DISAGREE = ['contradiction', 'live'] as const;

/** How return and kernel contradict each other, asked only of calls that can have such a thing. */
const DISAGREEMENT = `CASE WHEN verdict_at(event.seq) IN (${CAN_DISAGREE.map((verdict) => `'${verdict}'`).join(', ')})
  THEN disagreement_of(${BRIEF_CELLS}, ${SHARED_LOAD} IS NULL) END`;

/** Parameters of a null pointer are none, whatever was read. */
export const GIVES_PARAMETERS: Sql = {
  ...constant(`(CASE event.kind WHEN 'finit_module' THEN ${alike('arg1')}
    WHEN 'init_module' THEN ${alike('arg2')} END <> 0)`),
  scan: { kind: 'given' },
};

/** Any reading of a module's parameters: at entry, as the kernel took them, at return. */
export const ofParameters: Place = (by, test) => {
  const texts = constant('argument_text');
  const condition = test(shown('argument_text.bytes'));
  return all([IS_LOAD_CALL, among(by, TEXT_SEQ, constant('argument_text.seq'), texts, condition), GIVES_PARAMETERS]);
};

const isJudged = (verdicts: readonly string[]): Sql =>
  overColumn('verdict', 'verdict_at(event.seq)', (verdict) => sql`${verdict} IN (${listed(verdicts.map(bound))})`);

export const withVerdict = (verdicts: readonly string[]): Sql => all([IS_CALL, isJudged(verdicts)]);

/** Text and state of each reading of one call's parameters, to be compared. */
const READINGS_OF_TEXT = ['entry', 'kernel', 'return']
  .flatMap((phase) =>
    ['bytes', 'state'].map(
      (column) =>
        `(SELECT t.${column} FROM argument_text AS t WHERE t.seq = argument_text.seq AND t.phase = '${phase}')`,
    ),
  )
  .join(', ');

/** Few calls' texts were read more than once. */
export const IS_CHANGED: Sql = {
  ...constant(`argument_text.phase <> 'entry' AND texts_differ(${READINGS_OF_TEXT})`),
  probe: { source: 'readings' },
};

const parametersChanged = (by: Lookup): Sql =>
  among(by, TEXT_SEQ, constant('argument_text.seq'), constant('argument_text'), IS_CHANGED);

export function withContradiction(codes: readonly string[], _outermost: boolean, by: Lookup): Sql {
  const judges = codes.filter((code) => code !== 'parameters-changed');
  const conditions = judges.length === codes.length ? [] : [parametersChanged(by)];
  const disagreement = all([isJudged(CAN_DISAGREE), sql`${constant(DISAGREEMENT)} IN (${listed(judges.map(bound))})`]);
  return all([IS_CALL, any(judges.length === 0 ? conditions : [...conditions, disagreement])]);
}

/** Codes of a call's contradictions with a space between, as they are shown; NULL where there is none. */
export const CONTRADICTION_CODES = `nullif(trim(ifnull(${DISAGREEMENT}, '')
  || CASE WHEN ${parametersChanged('row').text} THEN ' parameters-changed' ELSE '' END), '')`;

export const isHidden: Place = (_, test) =>
  sql`(${IS_CALL} AND ${test(
    constant(`CASE WHEN ${RETURNED} >= 0 AND +event.kind <> 'delete_module'
    THEN ifnull(${DISAGREEMENT} = 'live-but-unlisted', 0) ELSE 0 END`),
  )})`;
