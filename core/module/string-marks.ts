/** What a text in an image looks like: a URL, a path, an address, a command. */
import type { StringMark } from '#contract/inspect.ts';

/** What a text must hold for the pattern to be worth trying, and the pattern. */
const MARKS: readonly (readonly [StringMark, string, RegExp])[] = [
  ['url', '://', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]+/i],
  ['device', '/dev/', /(?:^|[\s"'=:])\/dev\/[\w.-]+/],
  ['path', '/', /(?:^|[\s"'=:])~?\/(?:[\w.@%+-]+\/)*[\w.@%+-]+\/?(?:$|[\s"',:;)])/],
  ['address', '.', /(?:^|[^\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:$|[^\d.])/],
  ['address', ':', /(?:^|[\s[])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}(?:$|[\s\]])/i],
  [
    'domain',
    '.',
    /(?:^|[\s@/"'])(?:[a-z0-9-]{1,63}\.)+(?:com|net|org|info|io|ru|cn|de|onion|xyz|top|biz|eu|uk|dev)(?:$|[\s/:"'>])/i,
  ],
  ['command', '-c', /(?:^|[\s/"'])(?:ba|da|z|k)?sh\s+-c\b/],
  ['command', 'bin/', /(?:^|\/)s?bin\/\w+/],
  ['command', '', /\b(?:insmod|rmmod|modprobe|wget|curl|chmod|nohup|iptables)\s/],
];

/** What a mark needs at least: one of "/.:", a dash behind a blank, or a blank behind a word. */
export function mayBeMarked(bytes: Uint8Array, from: number, to: number): boolean {
  let before = 0;
  for (let at = from; at < to; at += 1) {
    const now = HINTS[bytes[at] ?? 0] ?? 0;
    if (now === SURE || (before === BLANK && now === DASH) || (before === WORD && now === BLANK)) return true;
    before = now;
  }
  return false;
}

const [SURE, BLANK, DASH, WORD] = [1, 2, 3, 4];
const HINTS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte >= 0x80) return 0;
  if (/[/.:]/.test(character)) return SURE;
  if (/\s/.test(character)) return BLANK;
  return character === '-' ? DASH : /\w/.test(character) ? WORD : 0;
});

/** What a text looks like. */
export function marksOf(text: string): StringMark[] {
  if (!/[/.:]|\s-|\w\s/.test(text)) return [];
  const found: StringMark[] = [];
  for (const [mark, needed, pattern] of MARKS) {
    if (text.includes(needed) && !found.includes(mark) && pattern.test(text)) found.push(mark);
  }
  return found;
}
