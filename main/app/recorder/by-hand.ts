/** The recorder's command for a terminal, where nothing on the desktop can ask for root's rights. */

/** Characters that a shell takes as they are. */
const PLAIN = /^[A-Za-z0-9._/:,@+-]+$/;

/** Characters that a terminal may act on, or show as something else. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A word as bash, zsh and ksh read it, which nothing in it can leave; no character of it that cannot be seen. */
export function terminalWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (!UNSEEN.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const spelled = [...word].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!UNSEEN.test(character)) return character;
    // Three digits always: whatever follows is not taken for one of them.
    return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  });
  return `$'${spelled.join('')}'`;
}

/** The line to paste. */
export function terminalCommand(words: readonly string[]): string {
  return ['sudo', ...words].map(terminalWord).join(' ');
}
