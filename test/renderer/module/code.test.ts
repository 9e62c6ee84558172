/** What stands in the lines of code, and in the rows of a comparison. */
import { describe, expect, test } from 'vitest';
import type { CodeTarget, Instruction } from '#contract/inspect-code.ts';
import type { DifferenceRow } from '#contract/module-compare.ts';
import { bytePairs, instructionText } from '#contract/instruction-text.ts';
import { operandPieces, targetWords } from '../../../renderer/module/code/operands.ts';
import { differenceWords } from '../../../renderer/module/compare/words.ts';

const instruction = (operands: string, targets: readonly CodeTarget[], note?: string): Instruction => ({
  ...{ offset: 0, range: { offset: 64, size: 5 }, bytes: 'e800000000', mnemonic: 'call', operands, targets },
  ...(note === undefined ? {} : { note }),
});

const kfree: CodeTarget = { kind: 'call', text: 'kfree', symbol: 'kfree', inside: false };
const here: CodeTarget = { kind: 'jump', text: '0x1c', section: 1, offset: 28, at: 92, inside: true };
const buffer: CodeTarget = {
  kind: 'data',
  text: 'buffer+0x8',
  symbol: 'buffer',
  section: 3,
  offset: 8,
  at: 200,
  inside: false,
};

describe('operands', () => {
  test.each([
    ['kfree', [kfree], ['kfree']],
    ['qword ptr [buffer+0x8], rax', [buffer], ['qword ptr [', 'buffer+0x8', '], rax']],
    ['buffer+0x8, kfree', [kfree, buffer], ['buffer+0x8', ', ', 'kfree']],
    ['rax, rbx', [], ['rax, rbx']],
    // What does not stand there leads nowhere, and nothing is lost.
    ['rax', [{ ...kfree, text: '' }, kfree], ['rax']],
    ['', [], ['']],
  ])('%s', (operands, targets, texts) => {
    const pieces = operandPieces(instruction(operands, targets));
    expect(pieces.map(({ text }) => text)).toEqual(texts);
    expect(pieces.map(({ text }) => text).join('')).toBe(operands);
    for (const { text, target } of pieces) if (target) expect(text).toBe(target.text);
  });

  test('say where they lead', () => {
    expect(targetWords(kfree)).toBe('Show the import kfree');
    expect(targetWords(here)).toBe('To the code of 0x1c');
    expect(targetWords(buffer)).toBe('Show buffer+0x8 in the image');
    expect(targetWords({ kind: 'call', text: 'symbol 7', inside: false })).toBeUndefined();
  });
});

test('a line is copied with its note', () => {
  expect(instructionText(instruction('kfree', [kfree], 'entry'))).toBe('call kfree  ; entry');
  expect(instructionText(instruction('', []))).toBe('call');
  expect(bytePairs('e800ff')).toBe('e8 00 ff');
});

test.each<[Partial<DifferenceRow>, string]>([
  [{ side: 'both', here: '1', there: '2' }, 'x: 1 → 2'],
  [{ side: 'here', here: '1' }, 'x: 1'],
  [{ side: 'there', there: '2', remark: 'why' }, 'x: 2  (why)'],
  [{ side: 'there' }, 'x'],
])('a difference in words: %o', (row, words) => {
  expect(differenceWords({ id: 0, group: 'modinfo', side: 'here', name: 'x', ...row })).toBe(words);
});
