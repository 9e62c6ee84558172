/** What a condition asks of one text, so that it can be asked outside of SQL as well, of each distinct text once. */
import type { IdSet } from './members.ts';
import { compilePattern } from './pattern.ts';

/** Columns whose texts are held in memory once a capture was read; asked: what a call asks to remove. */
export type TextSource =
  | 'process.comm'
  | 'process.cgroup'
  | 'process.argv'
  | 'argument_text.bytes'
  | 'asked'
  | 'module_fact.name'
  | 'module_fact.version'
  | 'request_fact.name';

export type TextTest =
  | { readonly kind: 'there' }
  | { readonly kind: 'contains'; readonly part: string }
  | { readonly kind: 'is'; readonly values: readonly string[] }
  | { readonly kind: 'isNot'; readonly value: string }
  | { readonly kind: 'matches'; readonly pattern: string };

/** A question to what is held in memory: of a text, whether a process's program is one of those files, or whether readings differ. */
export type Probe =
  | { readonly source: TextSource; readonly test: TextTest }
  | { readonly source: 'process.exe'; readonly files: IdSet }
  | { readonly source: 'readings' };

const SOURCES: ReadonlySet<string> = new Set<TextSource>([
  'process.comm',
  'process.cgroup',
  'argument_text.bytes',
  'module_fact.name',
  'module_fact.version',
  'request_fact.name',
]);

/** The source that a column is, with what must be known of its value: that it is shown as people see it. */
export const sourceOf = (column: string): TextSource | undefined =>
  SOURCES.has(column) ? (column as TextSource) : undefined;

const IS_ASCII = /^[\0-\x7f]*$/;

/** ASCII letters only, as SQLite's lower. */
export function lowered(text: string): string {
  if (IS_ASCII.test(text)) return text.toLowerCase();
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Parts without blanks and without what begins an escape. */
const IS_PLAIN = /^[!-[\]-~]+$/;

/** As far as a part can lie within an escape, \xNN. */
const IN_ESCAPE = /^(?:x[0-9a-f]{2}|x[0-9a-f]?$|[0-9a-f]{1,2})?/;

/**
 * What of a part stands in the bytes of a text that has it, also where a byte before it is written out; undefined where that
 * cannot be told. It can be empty.
 */
export function inBytes(part: string): string | undefined {
  const looked = lowered(part);
  return IS_PLAIN.test(looked) ? looked.replace(IN_ESCAPE, '') : undefined;
}

/** The test as a function; undefined where only SQL is to answer: in memory a NUL stands between texts. */
export function passing(test: TextTest): ((text: string) => boolean) | undefined {
  switch (test.kind) {
    case 'there':
      return () => true;
    case 'contains': {
      const part = lowered(test.part);
      return part.includes('\0') ? undefined : (text) => lowered(text).includes(part);
    }
    case 'is': {
      const values = new Set(test.values);
      return (text) => values.has(text);
    }
    case 'isNot':
      return (text) => text !== test.value;
    case 'matches': {
      const pattern = compilePattern(test.pattern);
      return typeof pattern === 'string' ? undefined : (text) => pattern.test(text);
    }
  }
}
