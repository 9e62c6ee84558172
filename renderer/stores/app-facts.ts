/** What main knows of the app itself, asked for once. */
import type { AppFacts } from '#contract/api.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { useNotices } from './notices.ts';

export const useAppFacts = defineStore('app-facts', () => {
  const notices = useNotices();
  const facts = shallowRef<AppFacts>();
  const unsandboxed = computed(() => facts.value?.unsandboxed ?? false);

  async function load(): Promise<void> {
    facts.value ??= notices.valueOf(await bridge.appFacts());
  }

  return { unsandboxed, load };
});
