/** Who signed the images of a capture: read from their bytes one after the other, when somebody wants to know. */
import type { ImageSigner } from '#contract/roster.ts';
import { setImmediate } from 'node:timers/promises';
import { openContainer } from '../module/container.ts';
import { findAppended } from '../module/signature/appended.ts';
import { MessageError, readMessage } from '../module/signature/message.ts';

/** @param stored - the image as the kernel was given it. Never throws on any bytes. */
export async function signerOf(stored: Uint8Array): Promise<ImageSigner> {
  const { bytes, part } = await openContainer(stored);
  const [problem] = part.problems;
  if (problem) return { state: 'unreadable', why: problem.text };
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const appended = findAppended(data);
  if (!appended) return { state: 'unsigned' };
  if (!appended.isMessage) return { state: 'unreadable', why: appended.problem ?? 'it is not signed with PKCS#7' };
  const { offset, size } = appended.trailer.signature;
  try {
    const [signer] = readMessage(data.subarray(offset, offset + size)).signers;
    if (!signer) return { state: 'unreadable', why: 'the signature names nobody' };
    const { name, issuer, keyId } = signer.facts;
    return { state: 'signed', by: name ?? issuer ?? (keyId === undefined ? 'somebody' : `key ${keyId}`) };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { state: 'unreadable', why: error.message };
  }
}

export class Signers {
  readonly #known = new Map<string, ImageSigner>();
  readonly #read: (sha256: string) => Uint8Array;
  #running: Promise<void> | undefined;
  #ended = false;

  /** @param read - the bytes of a kept image; throws where the capture is damaged or closed */
  constructor(read: (sha256: string) => Uint8Array) {
    this.#read = read;
  }

  of(sha256: string): ImageSigner | undefined {
    return this.#known.get(sha256);
  }

  /** How many are known; grows. */
  get size(): number {
    return this.#known.size;
  }

  /** The capture is closed. */
  end(): void {
    this.#ended = true;
  }

  /** Reads on for that many milliseconds, and one image more, while others are answered in between. */
  go(wanted: Iterable<string>, milliseconds: number): Promise<void> {
    this.#running ??= this.#go(wanted, performance.now() + milliseconds).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #go(wanted: Iterable<string>, until: number): Promise<void> {
    for (const sha256 of wanted) {
      if (this.#known.has(sha256)) continue;
      await setImmediate();
      if (this.#ended) return;
      this.#known.set(sha256, await this.#signerOf(sha256));
      if (performance.now() >= until) return;
    }
  }

  async #signerOf(sha256: string): Promise<ImageSigner> {
    try {
      return await signerOf(this.#read(sha256));
    } catch (error) {
      return { state: 'unreadable', why: error instanceof Error ? error.message : String(error) };
    }
  }
}
