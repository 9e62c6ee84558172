/** The built-in reference, asked for once. */
import type { Reference, ReferenceEvent, ReferenceTag } from '#contract/reference.ts';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useNotices } from './notices.ts';

export const useReference = defineStore('reference', () => {
  const notices = useNotices();
  const reference = shallowRef<Reference>();

  async function load(): Promise<void> {
    reference.value ??= notices.valueOf(await bridge.reference());
  }

  const eventOf = (name: string): ReferenceEvent | undefined =>
    reference.value?.events.find((event) => event.name === name);

  const meaningOf = (tag: ReferenceTag['tag']): string =>
    reference.value?.tags.find((known) => known.tag === tag)?.meaning ?? '';

  /** What an error means when this call returns it. */
  const errnoMeaning = (kind: string, name: string): string | undefined =>
    eventOf(kind)?.errnos.find((errno) => errno.name === name)?.meaning;

  const taintMeaning = (name: string): string | undefined =>
    reference.value?.taints.find((taint) => taint.name === name)?.meaning;

  return { reference, load, eventOf, meaningOf, errnoMeaning, taintMeaning };
});
