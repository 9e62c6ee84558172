/** Tests of one value, as SQL on whatever expression yields it. All that was typed is bound. */
import type { Test } from './places.ts';
import { any, bound, constant, FALSE, listed, sql, type Sql } from './sql.ts';
import { inBytes, lowered, type TextTest } from './text-test.ts';
import type { Comparison, Span } from './tree.ts';

/** The condition, with what it asks of a text that is held in memory. */
const probing = (found: Sql, condition: Sql, test: TextTest | undefined): Sql =>
  test && found.source && found.source !== 'process.exe'
    ? { ...condition, probe: { source: found.source, test } }
    : condition;

export const IS_THERE: Test = (value) => probing(value, sql`${value} IS NOT NULL`, { kind: 'there' });

const SIGNS: Readonly<Record<Comparison, Sql>> = {
  '==': constant('='),
  '!=': constant('<>'),
  '<': constant('<'),
  '<=': constant('<='),
  '>': constant('>'),
  '>=': constant('>='),
};

/** Numbers that have a sign, texts, and all that is only held to be the same. */
export const compared =
  (operator: Comparison, value: string | bigint | Buffer): Test =>
  (found) =>
    probing(found, sql`${found} ${SIGNS[operator]} ${bound(value)}`, comparison(operator, value));

function comparison(operator: Comparison, value: string | bigint | Buffer): TextTest | undefined {
  if (typeof value !== 'string') return undefined;
  if (operator === '==') return { kind: 'is', values: [value] };
  return operator === '!=' ? { kind: 'isNot', value } : undefined;
}

const ZERO = constant('0');

/** Unsigned 64 bits are kept as their two's complement: what is negative is larger than all that is not. */
export const comparedUnsigned =
  (operator: Comparison, value: bigint): Test =>
  (found) => {
    const signed = BigInt.asIntN(64, value);
    const plain = compared(operator, signed)(found);
    if (operator === '==' || operator === '!=') return plain;
    const below = operator === '<' || operator === '<=';
    if (signed >= 0n) {
      return below ? sql`(${found} >= ${ZERO} AND ${plain})` : sql`(${found} < ${ZERO} OR ${plain})`;
    }
    return below ? sql`(${found} >= ${ZERO} OR ${plain})` : sql`(${found} < ${ZERO} AND ${plain})`;
  };

const both =
  (one: Test, other: Test): Test =>
  (found) =>
    sql`(${one(found)} AND ${other(found)})`;

export const anyOf =
  (tests: readonly Test[]): Test =>
  (found) =>
    any(tests.map((test) => test(found)));

export const isOne =
  (values: readonly (string | bigint | Buffer)[]): Test =>
  (found) => {
    const [only] = values;
    if (only === undefined) return sql`${found} IN ()`;
    const condition =
      values.length === 1 ? sql`${found} = ${bound(only)}` : sql`${found} IN (${listed(values.map(bound))})`;
    const texts = values.filter((value) => typeof value === 'string');
    return probing(found, condition, texts.length === values.length ? { kind: 'is', values: texts } : undefined);
  };

/** Values and ranges of numbers. */
export function inSpans(spans: readonly Span[], unsigned: boolean): Test {
  const compare = (operator: Comparison, value: bigint): Test =>
    unsigned ? comparedUnsigned(operator, value) : compared(operator, value);
  const single = spans.flatMap(({ from, to }) => (typeof from === 'bigint' && from === to ? [from] : []));
  const ranges = spans.flatMap(({ from, to }) =>
    typeof from === 'bigint' && typeof to === 'bigint' && from !== to
      ? [both(compare('>=', from), compare('<=', to))]
      : [],
  );
  const ones = single.length === 0 ? [] : [isOne(single.map((value) => BigInt.asIntN(64, value)))];
  return anyOf([...ones, ...ranges]);
}

/** The stretches of numbers, both ends included. */
export const inRanges =
  (ranges: readonly (readonly [bigint, bigint])[]): Test =>
  (found) =>
    ranges.length === 0
      ? FALSE
      : any(
          ranges.map(([from, to]) =>
            from === to ? sql`${found} = ${bound(from)}` : sql`${found} BETWEEN ${bound(from)} AND ${bound(to)}`,
          ),
        );

/** Part of a text, whatever the case of ASCII letters. LIKE would end both at the first NUL. */
export const contains =
  (part: string): Test =>
  (found) => {
    const looked = lowered(part);
    const has = (text: Sql, piece = looked): Sql => sql`instr(lower(${text}), ${bound(piece)}) > 0`;
    const test: TextTest = { kind: 'contains', part };
    const { raw } = found;
    // What follows an escape stands in the bytes: only where it does is the text to be written out.
    const rest = inBytes(part);
    if (!raw || rest === undefined) return probing(found, has(found), test);
    if (rest === looked) return probing(found, has(raw), test);
    return probing(found, sql`(${has(raw, rest)} AND (${has(raw)} OR ${has(found)}))`, test);
  };

/** By the function of this connection that keeps patterns ready by their source. */
export const matches =
  (source: string): Test =>
  (found) =>
    probing(found, sql`text_matches(${bound(source)}, ${found})`, { kind: 'matches', pattern: source });

export const hasAllBits =
  (bits: bigint): Test =>
  (found) =>
    bits === 0n ? IS_THERE(found) : sql`(${found} & ${bound(bits)}) = ${bound(bits)}`;

export const hasAnyBit =
  (bits: bigint): Test =>
  (found) =>
    sql`(${found} & ${bound(BigInt.asIntN(64, bits))}) <> 0`;
