/** Hands pressed keys to the commands that they stand for. */
import { onBeforeUnmount, onMounted } from 'vue';
import { chordOf, isTyped } from './chord.ts';
import { useCommands } from './registry.ts';

/** They have keys of their own, and what lies behind them is not meant. */
const APART = '[role="dialog"], [role="menu"]';

const FIELDS = 'input, textarea, select, [contenteditable]';

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

  onMounted(() => {
    window.addEventListener('keydown', pressed);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed);
  });
}
