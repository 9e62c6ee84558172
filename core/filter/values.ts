/** Values as they are written: numbers, sizes, durations, moments, words of a list. */
import { LEAST_INTEGER as LEAST, MOST_INTEGER as MOST } from '../capture/integers.ts';
import { errnoNumbers } from '../reference/errno.ts';
import type { Field, FieldType } from './field.ts';
import { nearest } from './suggest.ts';
import type { Moment, Value } from './tree.ts';

/** Why a text is no value of that type. */
export interface Unfit {
  readonly message: string;
  readonly expected: readonly string[];
  readonly suggestion?: string;
}

export const isUnfit = (value: Value | Unfit): value is Unfit => typeof value === 'object' && 'message' in value;

const MOST_UNSIGNED = 2n ** 64n - 1n;

/** What stands for each type in "expected …". */
const FORMS: Readonly<Record<FieldType, string>> = {
  text: 'a text',
  word: 'a word',
  errno: 'an error’s name, such as EPERM',
  set: 'a word',
  flags: 'a number, or a flag’s name',
  mode: 'an octal number, such as 0100644',
  integer: 'a whole number, such as 42, -1 or 0x2a',
  unsigned: 'a whole number, such as 42 or 0x2a',
  size: 'a size, such as 4096, 64KiB or 1.5MB',
  duration: 'a duration, such as 250us, 10ms or 1.5s',
  time: 'a time, such as 2026-01-31T12:00:00Z, or +90s after the start',
  address: 'an address, such as 0xffffffffc0000000',
  digest: 'a SHA-256 in hexadecimal',
  boolean: 'true or false',
};

export const formOf = (field: Field): string => FORMS[field.type];

const unfit = (field: Field, text: string): Unfit => ({
  message: `'${shortened(text)}' is not ${FORMS[field.type]}.`,
  expected: [FORMS[field.type]],
});

/** Part of a message: what somebody typed may be long, and not of one line. */
export function shortened(text: string): string {
  const line = text.slice(0, 61).replaceAll(/[\p{C}\s]+/gu, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 57)}…`;
}

function wholeNumber(text: string): bigint | undefined {
  if (/^-?\d{1,40}$/.test(text)) return BigInt(text);
  const hex = /^(-?)(0x[0-9a-f]{1,32})$/i.exec(text);
  return hex ? BigInt(hex[2] ?? '') * (hex[1] === '-' ? -1n : 1n) : undefined;
}

function within(field: Field, text: string, value: bigint, least = LEAST, most = MOST): bigint | Unfit {
  if (value >= least && value <= most) return value;
  return { message: `'${shortened(text)}' is beyond what ${field.name} can be.`, expected: [FORMS[field.type]] };
}

/** A decimal fraction times a unit, cut to whole ones. */
function scaled(whole: string, fraction: string, unit: bigint): bigint {
  const digits = fraction.slice(0, 30);
  return BigInt(whole) * unit + (BigInt(digits || '0') * unit) / 10n ** BigInt(digits.length);
}

const SIZES: Readonly<Record<string, bigint>> = {
  b: 1n,
  ...{ kb: 10n ** 3n, mb: 10n ** 6n, gb: 10n ** 9n, tb: 10n ** 12n },
  ...{ kib: 2n ** 10n, mib: 2n ** 20n, gib: 2n ** 30n, tib: 2n ** 40n },
};

function size(text: string): bigint | undefined {
  const match = /^(\d{1,20})(?:\.(\d+))?([kmgt]?i?b)$/i.exec(text);
  const unit = match && SIZES[(match[3] ?? '').toLowerCase()];
  return match && unit !== undefined && unit !== null
    ? scaled(match[1] ?? '', match[2] ?? '', unit)
    : wholeNumber(text);
}

const DURATIONS: Readonly<Record<string, bigint>> = {
  ...{ ns: 1n, us: 1000n, µs: 1000n, μs: 1000n, ms: 10n ** 6n, s: 10n ** 9n },
  ...{ m: 60n * 10n ** 9n, min: 60n * 10n ** 9n, h: 3600n * 10n ** 9n, d: 86_400n * 10n ** 9n },
};

/** "1h30m"; a number alone is nanoseconds. */
function duration(text: string): bigint | undefined {
  if (!/^(?:\d{1,20}(?:\.\d+)?(?:ns|us|µs|μs|ms|min|s|m|h|d))+$/.test(text)) return wholeNumber(text);
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(
    /(\d+)(?:\.(\d+))?(ns|us|µs|μs|ms|min|s|m|h|d)/g,
  )) {
    sum += scaled(whole, fraction, DURATIONS[unit] ?? 1n);
  }
  return sum;
}

const SECOND = 10n ** 9n;

/** RFC 3339, of which the end may be left out; without a zone it is UTC. */
function moment(text: string): Moment | undefined {
  const since = /^([+-])(.+)$/.exec(text);
  const far = since && duration(since[2] ?? '');
  if (since && typeof far === 'bigint') return { sinceStartNs: since[1] === '-' ? -far : far };
  const match = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const [, day = '', minute = '00:00', second = '00', fraction = '', zone = 'Z'] = match;
  // A leap second is the second after.
  const milliseconds = Date.parse(`${day}T${minute}:${second === '60' ? '59' : second}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  const leap = second === '60' ? SECOND : 0n;
  return { wallNs: BigInt(milliseconds) * 10n ** 6n + leap + BigInt(fraction.padEnd(9, '0')) };
}

/** @param usual those of the words that are told where it is none of them */
function wordOf(field: Field, text: string, words: readonly string[], usual = words): string | Unfit {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const suggestion = nearest(text, words);
  return {
    message: `${field.name} is never '${shortened(text)}'.`,
    expected: usual.slice(0, 50),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function errno(field: Field, text: string): bigint | Unfit {
  const number = wholeNumber(text.replace(/^errno /, ''));
  if (number !== undefined) return within(field, text, number < 0n ? number : -number, -4095n, -1n);
  const names = errnoNumbers();
  const name = wordOf(field, text, [...names.keys()]);
  return typeof name === 'string' ? -BigInt(names.get(name) ?? 0) : { ...name, expected: [FORMS.errno] };
}

/** As an error is returned: with a minus before its name. */
function returnedError(field: Field, text: string): bigint | Unfit {
  const names = errnoNumbers();
  const name = wordOf(
    field,
    text,
    [...names.keys()].map((known) => `-${known}`),
  );
  return typeof name === 'string' ? -BigInt(names.get(name.slice(1)) ?? 0) : { ...name, expected: [FORMS.integer] };
}

/** One flag, by its name or as a number. */
function bitOf(field: Field, text: string): bigint | Unfit {
  const names = field.bits ?? new Map<string, bigint>();
  const number = wholeNumber(text);
  if (number !== undefined) return number;
  const name = wordOf(field, text, [...names.keys()]);
  return typeof name === 'string' ? (names.get(name) ?? 0n) : name;
}

/** Flags with | between. What is proposed for one that is wrong is proposed with all the others. */
function bitsOf(field: Field, text: string): bigint | Unfit {
  const parts = text.split('|').map((part) => ({ text: part.trim(), read: bitOf(field, part.trim()) }));
  const wrong = parts.map(({ read }) => read).find(isUnfit);
  if (!wrong) {
    const bits = parts.reduce((sum, { read }) => (typeof read === 'bigint' ? sum | read : sum), 0n);
    return within(field, text, bits, -(2n ** 31n), 2n ** 32n - 1n);
  }
  const meant = parts.map((part) => (isUnfit(part.read) ? part.read.suggestion : part.text));
  const { message, expected } = wrong;
  return meant.includes(undefined) ? { message, expected } : { message, expected, suggestion: meant.join(' | ') };
}

/** Octal in any case, as modes are written everywhere. */
function mode(text: string): bigint | undefined {
  const octal = /^(?:0o)?([0-7]{1,12})$/.exec(text);
  return octal ? BigInt(`0o${octal[1] ?? '0'}`) : undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes'].map((word) => [word, true] as const),
  ...['false', 'no'].map((word) => [word, false] as const),
]);

/** Reads a value of a field, to be compared with. */
export function readValue(field: Field, text: string): Value | Unfit {
  const number = (value: bigint | undefined, least = LEAST, most = MOST): bigint | Unfit =>
    value === undefined ? unfit(field, text) : within(field, text, value, least, most);
  switch (field.type) {
    case 'text':
      return text;
    case 'word':
      return wordOf(field, text, field.words);
    case 'errno':
      return errno(field, text);
    case 'set': {
      const word = wordOf(field, text, [...(field.bits?.keys() ?? [])], field.words);
      return typeof word === 'string' ? (field.bits?.get(word) ?? 0n) : word;
    }
    case 'flags':
      return bitsOf(field, text);
    case 'mode':
      return number(mode(text), 0n, 2n ** 32n - 1n);
    case 'integer':
      if (field.name === 'return' && /^-E[A-Z0-9]+$/.test(text)) return returnedError(field, text);
      return number(wholeNumber(text));
    case 'unsigned':
    case 'address':
      return number(wholeNumber(text), 0n, MOST_UNSIGNED);
    case 'size':
      return number(size(text), 0n, MOST_UNSIGNED);
    case 'duration':
      return number(duration(text));
    case 'time':
      return moment(text) ?? unfit(field, text);
    case 'digest':
      return /^[0-9a-f]{64}$/i.test(text)
        ? text.toLowerCase()
        : {
            ...unfit(field, text),
            message: 'A SHA-256 has 64 hexadecimal digits; a part of one is found with contains.',
          };
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? unfit(field, text);
  }
}
