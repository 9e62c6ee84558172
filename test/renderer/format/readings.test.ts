/** A text argument as it was read at entry, in the kernel and at return. */
import { describe, expect, test } from 'vitest';
import type { Argument } from '#contract/event.ts';
import { differ, readingsOf, readingWords } from '../../../renderer/format/readings.ts';

const TEXT: Argument = {
  name: 'param_values',
  type: 'const char*',
  origin: 'U',
  toctou: true,
  optional: true,
  value: 'a=1',
  text: 'a=1',
  pointer: '0x1000',
  state: 'whole',
  readAt: 'entry',
};

const told = (argument: Argument): string[] =>
  readingsOf(argument).map(({ at, read }) => `${at} ${readingWords(read) ?? '–'}`);

describe('readings', () => {
  test('at return the text was the same where nothing else is recorded', () => {
    expect(told(TEXT)).toEqual(['entry "a=1"', 'return "a=1"']);
    expect(differ(readingsOf(TEXT))).toBe(false);
  });

  test('a kernel that got what the caller passed contradicts nothing', () => {
    const agreed = { ...TEXT, atKernel: { state: 'whole', text: 'a=1' } } as const;
    expect(told(agreed)).toEqual(['entry "a=1"', 'kernel "a=1"', 'return "a=1"']);
    expect(differ(readingsOf(agreed))).toBe(false);
  });

  test('all three stand side by side where they differ', () => {
    const raced = {
      ...TEXT,
      atKernel: { state: 'whole', text: 'a=2' },
      atReturn: { state: 'whole', text: 'a=3' },
    } as const;
    expect(told(raced)).toEqual(['entry "a=1"', 'kernel "a=2"', 'return "a=3"']);
    expect(differ(readingsOf(raced))).toBe(true);
  });

  test('a text that was put back in time is caught by the kernel’s reading alone', () => {
    const hidden = { ...TEXT, atKernel: { state: 'whole', text: 'a=2' } } as const;
    expect(differ(readingsOf(hidden))).toBe(true);
  });

  test('what could not be read contradicts nothing', () => {
    const late = { ...TEXT, readAt: 'return' } as const;
    expect(told(late)).toEqual(['entry –', 'return "a=1"']);
    expect(differ(readingsOf(late))).toBe(false);
    const gone = { ...TEXT, atReturn: { state: 'unreadable' } } as const;
    expect(differ(readingsOf(gone))).toBe(false);
  });

  test('a text cut at its limit is not the same as a whole one', () => {
    const cut = { ...TEXT, atReturn: { state: 'cut', text: 'a=1' } } as const;
    expect(differ(readingsOf(cut))).toBe(true);
    expect(told(cut)).toEqual(['entry "a=1"', 'return "a=1"…']);
  });

  test('bytes that no text can hold are compared as bytes', () => {
    const bytes = { ...TEXT, text: '\\xff', hex: 'ff', atReturn: { state: 'whole', text: '\\xff' } } as const;
    expect(differ(readingsOf(bytes))).toBe(true);
  });

  test('a null pointer, and a number', () => {
    const bare = { name: 'x', type: 'int', origin: 'K', toctou: false, optional: false } as const;
    expect(told({ ...bare, value: null, state: 'null' })).toEqual(['entry NULL', 'return NULL']);
    expect(readingsOf({ ...bare, value: 3 })).toEqual([]);
  });
});
