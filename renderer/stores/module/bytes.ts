/** The bytes of the image that is looked at, or of the one that it is held against, fetched a page at a time for what is in sight. */
import { MOST_BYTES } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, shallowReactive, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';
import { useModulePlace } from './place.ts';

/** Bytes in one page; a sheet of a large screen fits into it. */
export const BYTE_PAGE = 16_384;

/** Pages that are kept: 8 MiB. */
export const KEPT_BYTE_PAGES = 512;

function decoded(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export const useModuleBytes = defineStore('module-bytes', () => {
  const place = useModulePlace();
  const notices = useNotices();
  const pages = shallowReactive(new Map<number, Uint8Array>());
  const underWay = new Set<number>();
  let generation = 0;

  const size = computed(() => place.shown?.facts.size ?? 0);

  function reset(): void {
    generation += 1;
    pages.clear();
    underWay.clear();
  }
  watch(() => place.shown?.id, reset);

  /** Bytes from a place on, at most MOST_BYTES; undefined after having told why there are none. */
  async function fetch(offset: number, length: number): Promise<Uint8Array | undefined> {
    const module = place.shown;
    if (!module) return undefined;
    const answer = notices.valueOf(await bridge.moduleBytes(module.id, offset, length));
    return answer && decoded(answer.bytes);
  }

  async function load(page: number): Promise<void> {
    if (underWay.has(page)) return;
    const asked = generation;
    underWay.add(page);
    const bytes = await fetch(page * BYTE_PAGE, BYTE_PAGE);
    if (asked !== generation) return;
    underWay.delete(page);
    if (!bytes) return;
    pages.set(page, bytes);
    // The oldest first: what is in sight was asked for last.
    const [oldest] = pages.keys();
    if (pages.size > KEPT_BYTE_PAGES && oldest !== undefined) pages.delete(oldest);
  }

  function want(from: number, to: number): void {
    for (let page = Math.floor(from / BYTE_PAGE); page <= Math.floor(to / BYTE_PAGE); page++) {
      if (!pages.has(page)) void load(page);
    }
  }

  const byteAt = (offset: number): number | undefined =>
    pages.get(Math.floor(offset / BYTE_PAGE))?.[offset % BYTE_PAGE];

  /** All bytes of a stretch that is there; undefined while a part of it is not. */
  function slice(offset: number, length: number): Uint8Array | undefined {
    const end = Math.min(offset + length, size.value);
    const bytes = new Uint8Array(Math.max(end - offset, 0));
    for (let at = offset; at < end; at++) {
      const byte = byteAt(at);
      if (byte === undefined) return undefined;
      bytes[at - offset] = byte;
    }
    return bytes;
  }

  /** All bytes of a stretch, whether in sight or not. */
  async function whole(offset: number, length: number): Promise<Uint8Array | undefined> {
    const bytes = new Uint8Array(Math.min(length, size.value - offset));
    for (let at = 0; at < bytes.length; at += MOST_BYTES) {
      const piece = await fetch(offset + at, Math.min(MOST_BYTES, bytes.length - at));
      if (!piece) return undefined;
      bytes.set(piece, at);
    }
    return bytes;
  }

  return { size, byteAt, want, slice, whole };
});
