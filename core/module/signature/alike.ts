/**
 * Messages of one signer differ in nothing but the octets of the signature, and taking one apart with the library takes
 * longer than all else of a small module: what was read of the last one is what would be read of the next.
 */
import type { Message } from './message.ts';

/** Where the octets of its one signature lie in the message before. */
let last: { readonly bytes: Buffer; readonly message: Message; readonly at: number; readonly end: number } | undefined;

/** Keeps a message that was taken apart for those that come after it. */
export function remember(bytes: Buffer, message: Message): void {
  last = undefined;
  const [only, another] = message.signers;
  if (!only || another || only.signature.length === 0) return;
  const at = bytes.indexOf(only.signature);
  // Elsewhere in the message, the same octets would mean something.
  if (at === -1 || bytes.includes(only.signature, at + 1)) return;
  last = { bytes: Buffer.from(bytes), message, at, end: at + only.signature.length };
}

/** What is known of the message before with the signature of this one, where that is all in which they differ. */
export function likeTheLast(bytes: Buffer): Message | undefined {
  if (!last || last.bytes.length !== bytes.length) return undefined;
  const { message, at, end } = last;
  const isSame = last.bytes.compare(bytes, 0, at, 0, at) === 0 && last.bytes.compare(bytes, end, undefined, end) === 0;
  if (!isSame) return undefined;
  const signature = Buffer.from(bytes.subarray(at, end));
  return { ...message, signers: message.signers.map((one) => ({ ...one, signature })) };
}
