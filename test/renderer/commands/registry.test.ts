import '../page.ts';
import { COMMANDS, wordsOf, type MenuCommand } from '#contract/commands.ts';
import { expect, test, vi } from 'vitest';
import { shallowRef } from 'vue';
import { registerAppCommands } from '../../../renderer/commands/app.ts';
import { chordOf, isTyped, keyWords } from '../../../renderer/commands/chord.ts';
import { useCommands, type Command } from '../../../renderer/commands/registry.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useView } from '../../../renderer/stores/view.ts';

const command = (id: string, more: Partial<Command> = {}): Command => ({
  ...{ id, title: id, group: 'View', run: vi.fn() },
  ...more,
});

test('a command is carried out only while it can be had', () => {
  const commands = useCommands();
  let open = false;
  const save = command('save', { when: () => open, keys: ['Ctrl+S'] });
  commands.registerCommands([save]);
  commands.run('save');
  expect([commands.commandFor('Ctrl+S'), commands.listed()]).toEqual([undefined, []]);
  open = true;
  commands.run('save');
  expect(save.run).toHaveBeenCalledTimes(1);
  expect([commands.commandFor('Ctrl+S'), commands.listed()]).toEqual([save, [save]]);
  commands.run('unknown');
});

test('a later command takes the place of an earlier one of its id, and gives it back', () => {
  const commands = useCommands();
  const [first, second] = [command('one'), command('one')];
  commands.registerCommands([first]);
  const end = commands.registerCommands([second]);
  expect(commands.all).toEqual([second]);
  end();
  expect(commands.all).toEqual([first]);
});

test('commands that come and go are asked for whenever they are listed', () => {
  const commands = useCommands();
  const names = shallowRef(['a']);
  commands.registerSource(() => names.value.map((name) => command(name)));
  expect(commands.listed().map(({ id }) => id)).toEqual(['a']);
  names.value = ['a', 'b'];
  expect(commands.listed().map(({ id }) => id)).toEqual(['a', 'b']);
});

test('of two commands with the same keys the one that can be had is meant', () => {
  const commands = useCommands();
  commands.registerCommands([command('never', { keys: ['F'], when: () => false }), command('now', { keys: ['F'] })]);
  expect(commands.commandFor('F')?.id).toBe('now');
});

test('movements are not listed', () => {
  const commands = useCommands();
  commands.registerCommands([command('in', { quiet: true, keys: ['W'] })]);
  expect([commands.listed(), commands.commandFor('W')?.id]).toEqual([[], 'in']);
});

test('no two commands of the app have the same keys', () => {
  const keys = (Object.keys(COMMANDS) as MenuCommand[]).flatMap((id) => wordsOf(id).keys ?? []);
  expect(keys).toEqual([...new Set(keys)]);
});

test('the keys of the timeline do nothing without a capture and in the inspector of a module', async () => {
  registerAppCommands();
  const commands = useCommands();
  expect(commands.commandFor('W')).toBeUndefined();
  expect(commands.commandFor('Ctrl+K')?.id).toBe('palette');
  await useCaptures().openSample();
  expect(commands.commandFor('W')?.id).toBe('timeline-in');
  useView().showModule();
  expect([commands.commandFor('W'), commands.commandFor('Escape')]).toEqual([undefined, undefined]);
});

const press = (key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', true>> = {}) => ({
  ...{ key, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false },
  ...held,
});

test.each([
  [press('w'), 'W'],
  [press('p', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+P'],
  [press('?', { shiftKey: true }), '?'],
  [press('+', { ctrlKey: true, shiftKey: true }), 'Ctrl++'],
  [press('ArrowLeft', { altKey: true }), 'Alt+ArrowLeft'],
  [press('Tab', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+Tab'],
  [press('k', { metaKey: true }), undefined],
])('keys as words: %#', (event, words) => {
  expect(chordOf(event)).toBe(words);
});

test('keys as people read them', () => {
  expect(['Ctrl+Shift+P', 'Alt+ArrowLeft', 'Ctrl++', '+', '?'].map(keyWords)).toEqual([
    'Ctrl Shift P',
    'Alt ←',
    'Ctrl +',
    '+',
    '?',
  ]);
  expect(['F', 'Escape', 'F1', 'Ctrl+K', '?'].filter(isTyped)).toEqual(['F', 'Escape', '?']);
});

test('when what was open is opened again can be chosen with the keys', async () => {
  registerAppCommands();
  const commands = useCommands();
  const offered = (): string[] => commands.listed().flatMap(({ id }) => (id.startsWith('session:') ? [id] : []));
  expect(offered()).toEqual(['session:always', 'session:ask', 'session:never']);
  await commands.run('session:never');
  expect(offered()).toEqual(['session:after-crash', 'session:always', 'session:ask']);
});
