/** Hands pressed keys, and the buttons at a mouse's side, to the commands that they stand for. */
import type { MenuCommand } from '#contract/commands.ts';
import { onBeforeUnmount, onMounted } from 'vue';
import { chordOf, isTyped } from './chord.ts';
import { useCommands } from './registry.ts';

/** They have keys of their own, and what lies behind them is not meant. */
const APART = '[role="dialog"], [role="menu"]';

const FIELDS = 'input, textarea, select, [contenteditable]';

/** Commands of the buttons at a mouse's side. */
const SIDE: Readonly<Record<number, MenuCommand>> = { 3: 'back', 4: 'forward' };

export function useKeyboard(): void {
  const commands = useCommands();

  function pressed(event: KeyboardEvent): void {
    const chord = event.defaultPrevented ? undefined : chordOf(event);
    const target = event.target as HTMLElement;
    if (chord === undefined || target.closest(APART) || (isTyped(chord) && target.closest(FIELDS))) return;
    const command = commands.commandFor(chord);
    if (!command) return;
    event.preventDefault();
    command.run();
  }

  function released(event: MouseEvent): void {
    const command = SIDE[event.button];
    if (command === undefined || (event.target as HTMLElement).closest(APART)) return;
    event.preventDefault();
    commands.run(command);
  }

  onMounted(() => {
    window.addEventListener('mouseup', released);
    window.addEventListener('keydown', pressed);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('mouseup', released);
    window.removeEventListener('keydown', pressed);
  });
}
