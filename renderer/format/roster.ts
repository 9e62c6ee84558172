/** The roster's cells in words. */
import type { ImageSigner, RosterRow, Several } from '#contract/roster.ts';
import { count } from './numbers.ts';

/** "dummy", "dummy +3", "dummy +199 or more"; empty where there is none. */
export function severalWords({ first, count: all, atLeast }: Several): string {
  const [one] = first;
  if (one === undefined) return '';
  return all < 2 ? one : `${one} +${count(all - 1)}${atLeast ? ' or more' : ''}`;
}

/** All that are listed, a line each, and how many more there are. */
export function severalLines({ first, count: all, atLeast }: Several): string {
  const more = all - first.length;
  return [...first, ...(more > 0 ? [`and ${count(more)}${atLeast ? ' or more' : ''} others`] : [])].join('\n');
}

const signerWord = (signer: ImageSigner): string =>
  signer.state === 'signed' ? signer.by : signer.state === 'unsigned' ? 'not signed' : 'signature not readable';

/** Undefined where no bytes are there to tell. */
export function signerWords({ signers, signersDue }: RosterRow): string | undefined {
  if (signers.length > 0) return signers.map(signerWord).join(', ');
  return signersDue ? 'being read…' : undefined;
}

/** What a row is called, and whether that is its own name. */
export function nameWords(
  row: RosterRow,
  grouping: 'image' | 'name',
): { readonly words: string; readonly own: boolean } {
  if (row.rest) return { words: 'all others', own: false };
  const words = severalWords(row.names);
  const nothing = grouping === 'image' && row.sha256 === undefined;
  if (nothing) return { words: 'no image with a hash', own: false };
  if (words !== '') return { words, own: true };
  if (row.names.count > 0) return { words: '"" (an empty name)', own: false };
  const file = row.paths.first[0]?.split('/').at(-1);
  return file === undefined ? { words: 'nothing names it', own: false } : { words: file, own: true };
}

/** "live", "3 live", "hidden"; empty where it is not there any more. */
export function liveWords({ live, hidden }: RosterRow): string {
  const words = live > 1 ? `${count(live)} live` : live === 1 ? 'live' : '';
  return hidden ? (words === '' ? 'hidden' : `${words}, hidden`) : words;
}
