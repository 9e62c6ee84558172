import { describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => ({ Menu: {} }));

const { acceleratorOf } = await import('../../main/app/menu.ts');

describe('keys as Electron writes them', () => {
  test.each([
    ['Ctrl+Shift+P', 'CmdOrCtrl+Shift+P'],
    ['Alt+ArrowLeft', 'Alt+Left'],
    ['Ctrl++', 'CmdOrCtrl+Plus'],
    ['Ctrl+-', 'CmdOrCtrl+-'],
    ['F1', 'F1'],
  ])('%s', (keys, words) => {
    expect(acceleratorOf(keys)).toBe(words);
  });
});
