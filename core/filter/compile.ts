/** A filter as a condition in SQL on rows of `event`, with what is bound to it. */
import { errnoName } from '../reference/errno.ts';
import type { Field } from './field.ts';
import { SEARCHED } from './fields.ts';
import { stretchesBetween, stretchesOf, type FilterClock, type Stretch } from './moments.ts';
import type { Pattern } from './pattern.ts';
import type { Lookup, Test } from './places.ts';
import { all, any, FALSE, not, sql, type Sql } from './sql.ts';
import {
  compared,
  comparedUnsigned,
  contains,
  hasAllBits,
  hasAnyBit,
  inRanges,
  inSpans,
  IS_THERE,
  isOne,
  matches,
} from './tests.ts';
import { lowered } from './text-test.ts';
import type { Comparison, Moment, Span, Tree, Value } from './tree.ts';

/** What a condition costs, by the dearest field in it. */
interface Compiled {
  readonly condition: Sql;
  readonly cost: number;
}

type OnText = (text: string) => boolean;

const UNSIGNED: ReadonlySet<Field['type']> = new Set(['unsigned', 'size', 'address']);

function containing(part: string): OnText {
  const looked = lowered(part);
  return (text) => lowered(text).includes(looked);
}

let known: readonly string[] | undefined;

/** What errors are called, by return value from -4095 on: each has a name, if only its number. Listed when first asked. */
const errnos = (): readonly string[] =>
  (known ??= Array.from({ length: 4095 }, (_, at) => errnoName(BigInt(at - 4095)) ?? ''));

/** Return values by what their errors are called, in stretches. */
function errnosNamed(passes: OnText): Stretch[] {
  const stretches: [bigint, bigint][] = [];
  for (const [at, name] of errnos().entries()) {
    if (!passes(name)) continue;
    const value = BigInt(at - 4095);
    const last = stretches.at(-1);
    if (last && last[1] + 1n === value) last[1] = value;
    else stretches.push([value, value]);
  }
  return stretches;
}

class Compiler {
  readonly #time: FilterClock;
  readonly #by: Lookup;
  /** Whether the condition at hand is one that all rows that are kept must pass: only such a one may use an index. */
  #outermost = true;

  constructor(time: FilterClock, by: Lookup) {
    this.#time = time;
    this.#by = by;
  }

  compile(tree: Tree): Compiled {
    const outermost = this.#outermost;
    const compiled = this.#compile(tree);
    this.#outermost = outermost;
    return compiled;
  }

  #compile(tree: Tree): Compiled {
    switch (tree.kind) {
      case 'and':
      case 'or': {
        this.#outermost &&= tree.kind === 'and' || tree.parts.length === 1;
        // What is cheap decides first; among equals the order stays.
        const parts = tree.parts.map((part) => this.compile(part)).toSorted((a, b) => a.cost - b.cost);
        const conditions = parts.map(({ condition }) => condition);
        const condition = tree.kind === 'and' ? all(conditions) : any(conditions);
        return { condition, cost: Math.max(0, ...parts.map(({ cost }) => cost)) };
      }
      case 'not': {
        this.#outermost = false;
        const { condition, cost } = this.compile(tree.part);
        return { condition: not(condition), cost };
      }
      case 'search': {
        this.#outermost = false;
        const found = SEARCHED.toSorted((a, b) => a.cost - b.cost).map((field) => this.#contains(field, tree.text));
        return { condition: any(found), cost: Math.max(...SEARCHED.map(({ cost }) => cost)) };
      }
      case 'has':
        return { condition: this.#has(tree.field), cost: tree.field.cost };
      case 'contains':
        return { condition: this.#contains(tree.field, tree.value), cost: tree.field.cost };
      case 'matches':
        return { condition: this.#matches(tree.field, tree.pattern), cost: tree.field.cost };
      case 'in':
        return { condition: this.#in(tree.field, tree.spans), cost: tree.field.cost };
      case 'compare':
        return { condition: this.#compare(tree.field, tree.operator, tree.value), cost: tree.field.cost };
    }
  }

  /** @param indexed false keeps the planner from an index that would find most rows */
  #where(field: Field, test: Test, indexed = true): Sql {
    const plain = !field.column || (this.#outermost && indexed);
    return field.where(this.#by, plain ? test : (found) => test(sql`+${found}`));
  }

  /** Of a list of words, those that pass. */
  #words(field: Field, words: readonly string[]): Sql {
    if (words.length === 0) return FALSE;
    return field.whereWords ? field.whereWords(words, this.#outermost, this.#by) : this.#where(field, isOne(words));
  }

  #has(field: Field): Sql {
    if (field.type === 'set') return this.#where(field, hasAnyBit(-1n));
    if (field.many && field.whereWords) return field.whereWords(field.words, false, this.#by);
    if (field.type === 'errno') return this.#where(field, inRanges([[-4095n, -1n]]));
    return this.#where(field, IS_THERE);
  }

  /** By what a value is called, for types whose values are a closed list. */
  #named(field: Field, passes: OnText): Sql | undefined {
    if (field.type === 'word') return this.#words(field, field.words.filter(passes));
    if (field.type === 'errno') return this.#where(field, inRanges(errnosNamed(passes)));
    if (field.type !== 'set') return undefined;
    const names = [...field.words, ...(field.furtherWords ?? [])];
    const bits = names.filter(passes).reduce((mask, word) => mask | (field.bits?.get(word) ?? 0n), 0n);
    return bits === 0n ? FALSE : this.#where(field, hasAnyBit(bits));
  }

  #contains(field: Field, value: string | bigint): Sql {
    if (typeof value === 'bigint') {
      const bits = field.type === 'flags' ? BigInt.asUintN(32, value) : value;
      return this.#where(field, hasAllBits(bits));
    }
    const named = this.#named(field, containing(value));
    if (named) return named;
    if (field.type === 'digest') {
      // No digit of a hash is anything else: most searched texts are in none.
      if (!/^[0-9a-f]{0,64}$/i.test(value)) return FALSE;
      return this.#where(field, (found) => contains(value)(inHex(found)));
    }
    return this.#where(field, contains(value));
  }

  #matches(field: Field, pattern: Pattern): Sql {
    const named = this.#named(field, (text) => pattern.test(text));
    if (named) return named;
    const test = matches(pattern.source);
    return this.#where(field, field.type === 'digest' ? (found) => test(inHex(found)) : test);
  }

  #during(field: Field, stretches: readonly Stretch[]): Sql {
    const condition = this.#where(field, inRanges(stretches), stretches.length === 1);
    return { ...condition, scan: { kind: 'moments', stretches } };
  }

  #in(field: Field, spans: readonly Span[]): Sql {
    const values = spans.map(({ from }) => from);
    if (field.type === 'word')
      return this.#words(
        field,
        values.filter((value) => typeof value === 'string'),
      );
    if (field.type === 'time') {
      const stretches = spans.flatMap(({ from, to }) => stretchesBetween(this.#time, moment(from), moment(to)));
      return this.#during(field, stretches);
    }
    if (field.type === 'set')
      return this.#where(field, hasAnyBit(values.reduce<bigint>((bits, value) => bits | number(value), 0n)));
    if (field.type === 'text') return this.#where(field, isOne(values.filter((value) => typeof value === 'string')));
    if (field.type === 'digest') return this.#where(field, isOne(values.map(digest)));
    if (field.type === 'flags')
      return this.#where(field, isOne(values.map((value) => BigInt.asUintN(32, number(value)))));
    return this.#where(field, inSpans(spans, UNSIGNED.has(field.type)));
  }

  #compare(field: Field, operator: Comparison, value: Value): Sql {
    if (operator === '!=' && (field.many || field.type === 'word' || field.type === 'errno')) {
      // None of the values that there are is that one.
      return all([this.#has(field), not(this.#compare(field, '==', value))]);
    }
    switch (field.type) {
      case 'word':
        return this.#words(field, [String(value)]);
      case 'set':
        return this.#where(field, hasAnyBit(number(value)));
      case 'time':
        return this.#during(field, stretchesOf(this.#time, operator, moment(value)));
      case 'digest':
        return this.#where(field, compared(operator, digest(value)));
      case 'text':
        return this.#where(field, compared(operator, String(value)));
      case 'flags':
        return this.#where(field, compared(operator, BigInt.asUintN(32, number(value))));
      case 'boolean':
        return this.#where(field, compared(operator, value === true ? 1n : 0n));
      case 'unsigned':
      case 'size':
      case 'address':
        return this.#where(field, comparedUnsigned(operator, number(value)));
      case 'errno':
      case 'mode':
      case 'integer':
      case 'duration':
        return this.#where(field, compared(operator, number(value)));
    }
  }
}

/** A hash as it is shown; NULL where there is none, of which hex() makes an empty text. */
const inHex = (hash: Sql): Sql => sql`nullif(lower(hex(${hash})), '')`;

const number = (value: Value): bigint => (typeof value === 'bigint' ? value : 0n);
const moment = (value: Value): Moment => (typeof value === 'object' ? value : { sinceStartNs: 0n });
const digest = (value: Value): Buffer => Buffer.from(String(value), 'hex');

/** @param by how rows of other tables are found: 'set' for going through all rows, 'row' for looking at few */
export function compileTree(tree: Tree, time: FilterClock, by: Lookup): Sql {
  return new Compiler(time, by).compile(tree).condition;
}
