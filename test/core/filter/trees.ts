/** Random filters, each with the text that says it and a test of a row's values that was written without the compiler. */
import { filterTerm } from '#contract/filter-term.ts';
import { SEARCHED, type Fact, type Facts, type When } from './facts.ts';

export interface RandomFilter {
  readonly text: string;
  keeps(facts: Facts): boolean;
}

/** mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TEXTS = [
  ...['process.comm', 'process.exe', 'process.argv', 'process.cgroup', 'process.ancestor', 'file.path', 'file.name'],
  ...[
    'process.key',
    'process.ancestor.key',
    'file.fs',
    'file.device',
    'param_values',
    'module.name',
    'module.version',
    'module.srcversion',
    'request.name',
  ],
];
const WORDS = ['kind', 'operation', 'verdict', 'contradiction', 'errno', 'file.type', 'image.state', 'loss.source'];
const SETS = ['module.taints', 'process.caps'];
/** Fields that are held against regular expressions. */
export const MATCHED = [...TEXTS, ...WORDS, ...SETS, 'image.sha256'];
const BOOLEANS = ['hidden', 'pending', 'compat', 'file.deleted', 'module.signed'];
const SIZES = ['file.size', 'image.size', 'image.received', 'module.size'];
const NUMBERS = [
  ...['seq', 'call.id', 'return', 'repeat', 'pid', 'tid', 'fd', 'len', 'process.pid', 'process.ppid', 'process.uid'],
  ...['process.gid', 'process.euid', 'process.egid', 'process.auid', 'process.session', 'process.ancestor.pid'],
  ...['process.mntns', 'process.pidns', 'process.netns', 'process.userns', 'file.inode', 'file.links', 'file.uid'],
  ...['file.gid', 'module.address', 'module.base', 'lost', 'duration', ...SIZES],
];
const BITS = ['flags', 'file.mode'];
export const EVENTS_ONLY = ['request.name', 'lost', 'loss.source'];
export const ALL_FIELDS = [...TEXTS, ...WORDS, ...SETS, ...BOOLEANS, ...NUMBERS, ...BITS, 'image.sha256', 'time'];

/** Expressions that match the empty text, of which some match nothing else: what is absent is no empty text. */
export const EMPTY_PATTERNS = ['', '.*', '^$', '^(zz)?'];

/** ASCII letters only. */
const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const holds = (text: string, part: string): boolean => lower(text).includes(lower(part));
const textOf = (fact: Fact): string => (typeof fact === 'string' ? fact : '');
const numberOf = (fact: Fact): bigint => (typeof fact === 'bigint' ? fact : 0n);

type Order = '==' | '!=' | '<' | '<=' | '>' | '>=';
const ORDERS: readonly Order[] = ['==', '!=', '<', '<=', '>', '>='];

function ordered(operator: Order, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

export class Trees {
  readonly #random: () => number;
  readonly #fields: readonly string[];
  readonly #rows: readonly Facts[];

  /** @param rows whose values are asked for, so that filters keep something */
  constructor(random: () => number, fields: readonly string[], rows: readonly Facts[]) {
    this.#random = random;
    this.#fields = fields;
    this.#rows = rows;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }

  #one<T>(of: readonly T[]): T {
    const item = of[this.#below(of.length)];
    if (item === undefined) throw new RangeError('there is nothing to choose from');
    return item;
  }

  /** A value that a row has in that field; undefined where none is found soon. */
  #value(field: string): Fact | undefined {
    for (let tries = 0; tries < 60; tries++) {
      const values = this.#one(this.#rows)[field] ?? [];
      if (values.length > 0) return this.#one(values);
    }
    return undefined;
  }

  tree(depth = 3): RandomFilter {
    const roll = this.#random();
    if (depth === 0 || roll < 0.4) return this.#term();
    if (roll < 0.55) {
      const part = this.tree(depth - 1);
      return { text: `${this.#one(['not ', '!', 'NOT '])}(${part.text})`, keeps: (facts) => !part.keeps(facts) };
    }
    const and = this.#chance(0.5);
    const parts = Array.from({ length: 2 + this.#below(3) }, () => this.tree(depth - 1));
    const joint = and ? this.#one([' and ', ' && ', ' AND ']) : this.#one([' or ', '||', ' || ']);
    return {
      text: parts.map(({ text }) => `(${text})`).join(joint),
      keeps: (facts) => (and ? parts.every((part) => part.keeps(facts)) : parts.some((part) => part.keeps(facts))),
    };
  }

  #term(): RandomFilter {
    const roll = this.#random();
    if (roll < 0.08) return this.#search();
    const field = this.#one(this.#fields);
    if (roll < 0.16) return { text: `has ${field}`, keeps: (facts) => (facts[field] ?? []).length > 0 };
    if (field === 'time') return this.#time();
    if (BOOLEANS.includes(field)) return this.#boolean(field);
    if (NUMBERS.includes(field)) return this.#number(field);
    if (BITS.includes(field)) return this.#bits(field);
    return this.#text(field);
  }

  #search(): RandomFilter {
    const field = this.#one(SEARCHED);
    const part = this.#part(textOf(this.#value(field) ?? 'insmod'));
    return {
      text: JSON.stringify(part),
      keeps: (facts) => SEARCHED.some((name) => (facts[name] ?? []).some((fact) => holds(textOf(fact), part))),
    };
  }

  /** Some of a text, at times in the other case. */
  #part(text: string): string {
    if (text === '') return 'x';
    const from = this.#below(text.length);
    const part = text.slice(from, from + 1 + this.#below(12));
    return this.#chance(0.2) ? part.toUpperCase() : part;
  }

  #text(field: string): RandomFilter {
    const found = textOf(this.#value(field) ?? (WORDS.includes(field) || field === 'image.sha256' ? '' : 'nothing'));
    const closed = WORDS.includes(field) || SETS.includes(field) || field === 'image.sha256';
    const value = found === '' && closed ? undefined : closed || this.#chance(0.9) ? found : `${found}x`;
    const texts = (facts: Facts): string[] => (facts[field] ?? []).map(textOf);
    const operator = this.#one(['==', '!=', 'contains', '~', 'in'] as const);
    if (operator === 'contains') {
      // The empty text is part of every one that there is.
      const part = this.#chance(0.15) ? '' : this.#part(value ?? 'load');
      // Of a closed list only what belongs to it counts; of a hash only what can be in one.
      return {
        text: filterTerm(field, operator, part),
        keeps: (facts) => texts(facts).some((text) => holds(text, part)),
      };
    }
    if (operator === '~' || value === undefined) {
      const part = this.#part(value ?? 'e').replaceAll(/[^\w]/g, '.');
      const pattern = this.#one([part, `^${part}`, `${part}$`, `(${part}|zz)+`, `[^a-f]${part}`, ...EMPTY_PATTERNS]);
      const expression = new RegExp(pattern, 'u');
      return {
        text: filterTerm(field, '~', pattern),
        keeps: (facts) => texts(facts).some((text) => expression.test(text)),
      };
    }
    if (operator === 'in') {
      const other = this.#value(field);
      const values = other === undefined ? [value] : [value, textOf(other)];
      return {
        text: this.#chance(0.5)
          ? filterTerm(field, 'in', values)
          : `${field} in {${values.map((v) => JSON.stringify(v)).join(' ')}}`,
        keeps: (facts) => texts(facts).some((text) => values.includes(text)),
      };
    }
    return {
      text: this.#chance(0.5) ? filterTerm(field, operator, value) : `${field}${operator}${JSON.stringify(value)}`,
      keeps: (facts) => {
        const is = texts(facts).includes(value);
        return operator === '==' ? is : !is && texts(facts).length > 0;
      },
    };
  }

  #boolean(field: string): RandomFilter {
    const wanted = this.#chance(0.6);
    const text = wanted && this.#chance(0.5) ? field : `${field} == ${String(wanted)}`;
    return { text, keeps: (facts) => (facts[field] ?? []).includes(wanted) };
  }

  #written(field: string, value: bigint): string {
    const roll = this.#random();
    if (SIZES.includes(field) && value >= 0n && value % 1024n === 0n && roll < 0.5)
      return `${String(value / 1024n)}KiB`;
    if (field === 'duration' && value >= 0n && roll < 0.5) {
      return `${String(value / 1000n)}.${String(value % 1000n).padStart(3, '0')}us`;
    }
    if (value >= 0n && roll < 0.2) return `0x${value.toString(16)}`;
    return String(value);
  }

  #near(field: string): bigint {
    const value = numberOf(this.#value(field) ?? BigInt(this.#below(1000)));
    const moved = this.#chance(0.7) ? value : value + BigInt(this.#below(5) - 2);
    if (moved >= 2n ** 64n) return value;
    return moved < 0n && field !== 'return' && field !== 'fd' ? 0n : moved;
  }

  #number(field: string): RandomFilter {
    const numbers = (facts: Facts): bigint[] => (facts[field] ?? []).map(numberOf);
    const value = this.#near(field);
    if (this.#chance(0.25)) {
      const other = this.#near(field);
      const [from, to] = value < other ? [value, other] : [other, value];
      const third = this.#near(field);
      const range = `${this.#written(field, from)}${this.#one(['..', ' .. '])}${this.#written(field, to)}`;
      return {
        text: `${field} in { ${range}, ${this.#written(field, third)} }`,
        keeps: (facts) => numbers(facts).some((number) => number === third || (number >= from && number <= to)),
      };
    }
    const operator = this.#one(ORDERS);
    return {
      text: `${field} ${operator} ${this.#written(field, value)}`,
      keeps: (facts) => {
        const found = numbers(facts);
        if (operator === '!=') return found.length > 0 && !found.includes(value);
        return found.some((number) => ordered(operator, number, value));
      },
    };
  }

  /** As modes are written: with what says that they are octal, or without. */
  #octal(value: bigint): string {
    return `${this.#one(['0', '0o', ''])}${value.toString(8)}`;
  }

  /** Flags are 32 bits, with a sign or without. */
  #signed(value: bigint): bigint {
    return this.#chance(0.5) ? BigInt.asIntN(32, value) : value;
  }

  #bits(field: string): RandomFilter {
    const numbers = (facts: Facts): bigint[] => (facts[field] ?? []).map(numberOf);
    const value = this.#near(field);
    const written = field === 'file.mode' ? this.#octal(value) : String(this.#signed(value));
    const operator = this.#one(['==', '!=', 'contains', 'in'] as const);
    const text = operator === 'in' ? `${field} in {${written}, 3}` : `${field} ${operator} ${written}`;
    return {
      text,
      keeps: (facts) =>
        numbers(facts).some((number) => {
          if (operator === 'contains') return (number & value) === value;
          return operator === 'in' ? number === value || number === 3n : (number === value) === (operator === '==');
        }),
    };
  }

  #time(): RandomFilter {
    const operator = this.#one(ORDERS);
    const when = this.#value('time') as When;
    if (this.#chance(0.5)) {
      const { sinceStartNs } = when;
      const sign = sinceStartNs < 0n ? '-' : '+';
      const far = sinceStartNs < 0n ? -sinceStartNs : sinceStartNs;
      return {
        text: `time ${operator} ${sign}${String(far)}ns`,
        keeps: (facts) => ordered(operator, (facts['time']?.[0] as When).sinceStartNs, sinceStartNs),
      };
    }
    const seconds = new Date(Number(when.wallNs / 1_000_000n)).toISOString().slice(0, 19);
    const exact = this.#chance(0.5);
    const fraction = exact ? when.wallNs % 1_000_000_000n : 0n;
    const wallNs = exact ? when.wallNs : (when.wallNs / 1_000_000_000n) * 1_000_000_000n;
    const written = `${seconds}${exact ? `.${String(fraction).padStart(9, '0')}` : ''}${this.#one(['Z', '+00:00', ''])}`;
    return {
      text: `time ${operator} ${written}`,
      keeps: (facts) => ordered(operator, (facts['time']?.[0] as When).wallNs, wallNs),
    };
  }
}
