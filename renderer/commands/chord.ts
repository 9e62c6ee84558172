/** Keys as words: "Ctrl+Shift+P", "Alt+ArrowLeft", "?". */

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

const LETTER = /^\p{L}$/u;

/** What is pressed, as commands name it; undefined with the system's own key held. Shift counts where it does not make another sign. */
export function chordOf({ key, ctrlKey, altKey, shiftKey, metaKey }: Pressed): string | undefined {
  if (metaKey) return undefined;
  const sign = key.length === 1 && !LETTER.test(key);
  const held = [...(ctrlKey ? ['Ctrl'] : []), ...(altKey ? ['Alt'] : []), ...(shiftKey && !sign ? ['Shift'] : [])];
  return [...held, LETTER.test(key) ? key.toUpperCase() : key].join('+');
}

/** Whether a field that text goes into keeps these keys for itself. */
export const isTyped = (chord: string): boolean => !/^(Ctrl|Alt)\+|^F\d+$/.test(chord);

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
};

/** For people: "Ctrl Shift P", "Alt ←". */
export function keyWords(chord: string): string {
  const plus = chord.endsWith('++') || chord === '+';
  const words = plus ? [...chord.slice(0, -1).split('+').filter(Boolean), '+'] : chord.split('+');
  return words.map((word) => SIGNS[word] ?? word).join(' ');
}
