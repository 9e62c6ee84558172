/** Which operator fits which type, and the words that are no values. */
import type { FieldType } from './field.ts';

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
export const OPERATORS = [...COMPARISONS, 'contains', '~', 'in'] as const;
export type Operator = (typeof OPERATORS)[number];

const EQUAL: readonly Operator[] = ['==', '!='];
const WORDS: readonly Operator[] = [...EQUAL, 'contains', '~', 'in'];
const BITS: readonly Operator[] = [...EQUAL, 'contains', 'in'];
const ORDERED: readonly Operator[] = [...COMPARISONS, 'in'];

const FITTING: Readonly<Record<FieldType, readonly Operator[]>> = {
  ...{ text: WORDS, word: WORDS, errno: WORDS, set: WORDS, digest: WORDS },
  ...{ flags: BITS, mode: BITS, boolean: EQUAL },
  ...{ integer: ORDERED, unsigned: ORDERED, size: ORDERED, duration: ORDERED, time: ORDERED, address: ORDERED },
};

export const operatorsOf = (type: FieldType): readonly Operator[] => FITTING[type];

/** Whose values have an order, so that a set of them can hold ranges. */
export const isOrdered = (type: FieldType): boolean => FITTING[type] === ORDERED;

/** Whether it is a word that goes on with another condition. */
export const isJoint = (word: string): boolean => /^(?:and|or)$/i.test(word);

/** Whether it is an operator that is a word. */
export const isOperatorWord = (word: string): boolean => /^(?:contains|in)$/i.test(word);

export const KEYWORDS = ['and', 'or', 'not', 'has', 'in', 'contains'] as const;

/** A word that has to be quoted to be a text. */
export const isKeyword = (word: string): boolean => (KEYWORDS as readonly string[]).includes(word.toLowerCase());
