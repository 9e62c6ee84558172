/** Where the values of a module's fields lie: what the kernel said of it, and what it is called. */
import {
  among,
  IS_CHANGE,
  IS_LOAD_CALL,
  IS_REMOVAL,
  ofFact,
  ofFile,
  PATH,
  SHARED_LOAD,
  shown,
  TEXT_SEQ,
  type Lookup,
  type Place,
  type Test,
} from './places.ts';
import { within, type KnownSet, type StoredSets } from './sets.ts';
import { all, any, constant, not, sql, type Sql } from './sql.ts';

const STAGES = constant('module_fact CROSS JOIN event AS stage ON stage.seq = module_fact.seq');
const STAGES_OF_CALL = constant('event AS stage CROSS JOIN module_fact ON module_fact.seq = stage.seq');

/** Changes of modules that pass; undefined where they were not found yet. */
const changesIn = (sets: StoredSets, condition: Sql): KnownSet | undefined =>
  sets.known({ key: constant('module_fact.seq'), from: constant('module_fact'), condition });

/** NULL where there is none. */
const changeOf = (loads: boolean): Sql => constant(`kernels_seq(event.call_id, ${loads ? '1' : '0'})`);

/** Whether what the kernel loaded or freed first in a call is among the changes. */
function firstChange(set: KnownSet | undefined, loads: boolean): Sql {
  if (!set) return constant('NULL');
  return { ...within(changeOf(loads), set), scan: { kind: 'change', loads, members: set.members } };
}

/** Whether there is any. */
const hasChange = (loads: boolean): Sql => ({
  ...sql`(${changeOf(loads)} IS NOT NULL)`,
  scan: { kind: 'change', loads, members: undefined },
});

/** What the kernel loaded or freed first in a call. */
function inStages(by: Lookup, kind: 'module_load' | 'module_free', condition: Sql): Sql {
  if (typeof by === 'object') return firstChange(changesIn(by, condition), kind === 'module_load');
  const of =
    constant(`+stage.kind = '${kind}' AND stage.call_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event AS other
    WHERE other.call_id = stage.call_id AND +other.kind = '${kind}' AND (other.ns, other.seq) < (stage.ns, stage.seq))`);
  const from = by === 'row' ? STAGES_OF_CALL : STAGES;
  return among(by, constant('event.call_id'), constant('stage.call_id'), from, sql`${condition} AND ${of}`);
}

/** Whether the call shared another one's load (core/attempt/sharing.ts). */
const SHARES: Sql = {
  ...constant(`(+event.kind = 'finit_module' AND event.repeat = 1 AND event.file_id IS NOT NULL
    AND ${SHARED_LOAD} IS NOT NULL)`),
  scan: { kind: 'shared', members: undefined },
};

/** Whether it shared one of which that is true. */
function sharedWhere(by: Lookup, condition: Sql): Sql {
  const facts = constant('module_fact');
  if (typeof by !== 'object') {
    return all([SHARES, among('row', constant(SHARED_LOAD), constant('module_fact.seq'), facts, condition)]);
  }
  const set = changesIn(by, condition);
  if (!set) return constant('NULL');
  return {
    ...sql`(${SHARES} AND ${within(constant(SHARED_LOAD), set)})`,
    scan: { kind: 'shared', members: set.members },
  };
}

/** What the kernel said of the module, in the row's own event or in the call's. */
export const ofModule =
  (value: Sql): Place =>
  (by, test) => {
    const condition = test(value);
    return any([
      ofFact(IS_CHANGE, 'module_fact', value)(by, test),
      all([IS_LOAD_CALL, inStages(by, 'module_load', condition)]),
      all([IS_REMOVAL, inStages(by, 'module_free', condition)]),
      sharedWhere(by, condition),
    ]);
  };

/** A call's name as it was first read, of what it asks to remove. */
const reading = (phase: string): string =>
  `(SELECT ${shown('t.bytes').text} FROM argument_text AS t WHERE t.seq = ${TEXT_SEQ.text} AND t.argument = 0
    AND t.phase = '${phase}')`;

/** A reading of what a call asks to remove, the first one that there is. */
const askedName = (test: Test): Sql => {
  const passes = test(shown('argument_text.bytes'));
  const asked = sql`(argument_text.argument = 0 AND ${passes} AND (argument_text.phase = 'entry'
    OR argument_text.phase = 'return' AND NOT EXISTS (SELECT 1 FROM argument_text AS early
      WHERE early.seq = argument_text.seq AND early.argument = 0 AND early.phase = 'entry' AND early.bytes IS NOT NULL)))`;
  const { probe } = passes;
  return probe && 'test' in probe ? { ...asked, probe: { source: 'asked', test: probe.test } } : asked;
};

/** The name of the module that a row is about: the kernel's word, failing that the call's argument, or the file's name. */
export const ofModuleName: Place = (by, test) => {
  const kernels = (loaded: 0 | 1): Sql => constant(`kernels_name(event.call_id, ${String(loaded)})`);
  const name = shown('module_fact.name');
  const named = ofFile(sql`module_of_path(${PATH})`)(by, test);
  const others = [ofFact(IS_CHANGE, 'module_fact', name)(by, test), sharedWhere(by, test(name))];
  if (typeof by === 'object') {
    const changes = changesIn(by, test(name));
    const askedFor = among(by, TEXT_SEQ, constant('argument_text.seq'), constant('argument_text'), askedName(test));
    return any([
      ...others,
      all([IS_REMOVAL, any([firstChange(changes, false), all([not(hasChange(false)), askedFor])])]),
      all([IS_LOAD_CALL, firstChange(changes, true)]),
      all([IS_LOAD_CALL, named, not(hasChange(true)), not(SHARES)]),
    ]);
  }
  const asked = constant(`coalesce(${reading('entry')}, ${reading('return')})`);
  return any([
    ...others,
    sql`(+event.kind = 'delete_module' AND ${test(sql`coalesce(${kernels(0)}, ${asked})`)})`,
    sql`(${IS_LOAD_CALL} AND ${test(kernels(1))})`,
    sql`(${IS_LOAD_CALL} AND ${named} AND ${kernels(1)} IS NULL AND ${not(SHARES)})`,
  ]);
};
