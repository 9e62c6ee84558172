/**
 * Text from outside, as it is shown: it drives no terminal, begins no line, and turns nothing around it. native/say.c has
 * the same characters.
 */

/** Control characters, what turns the direction of text, other ends of lines, and the mark of byte order. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'g');

/** Where lines and tabs are laid out, they stay. */
const UNPRINTABLE_IN_LINES =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** One line. What is not printable appears as \xNN or \u{…}. */
export function printable(text: string): string {
  return isPrintable(text) ? text : text.replaceAll(ALL_UNPRINTABLE, escape);
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return isPrintable(text) ? text : text.replaceAll(UNPRINTABLE_IN_LINES, escape);
}

/** One line, where escapes would be more than there is room for: one sign for each such character. */
export function withSigns(text: string): string {
  return text.replaceAll(ALL_UNPRINTABLE, '\ufffd');
}
