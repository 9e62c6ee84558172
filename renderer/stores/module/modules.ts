/** Open images: the one that the inspector shows, and for each the one that it is held against. */
import { isModule } from '#contract/api.ts';
import type { Result } from '#contract/result.ts';
import type { OpenModule } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';

export const useModules = defineStore('modules', () => {
  const notices = useNotices();
  const entries = shallowReactive(new Map<string, { readonly module: OpenModule; readonly other?: OpenModule }>());
  const currentId = ref<string>();
  const entry = computed(() => (currentId.value === undefined ? undefined : entries.get(currentId.value)));
  const current = computed(() => entry.value?.module);
  const other = computed(() => entry.value?.other);
  /** In the order in which they were opened. */
  const list = computed(() => [...entries.values()].map(({ module }) => module));
  /** What is being opened, for as long as it takes. */
  const opening = ref<string>();

  async function letGo(which: OpenModule | undefined): Promise<void> {
    if (which) notices.valueOf(await bridge.closeModule(which.id));
  }

  /** Shows an image that is open. */
  function look(id: string): void {
    if (entries.has(id)) currentId.value = id;
  }

  /** Takes an image that main has opened in, without looking at it. */
  function hold(module: OpenModule): void {
    if (!entries.has(module.id)) entries.set(module.id, { module });
  }

  /** Shows an image that main has opened; the others stay open. */
  function show(module: OpenModule): Promise<void> {
    hold(module);
    look(module.id);
    return Promise.resolve();
  }

  /** Lets go of an image and of what it is held against. */
  async function close(id: string): Promise<void> {
    const known = entries.get(id);
    if (currentId.value === id) currentId.value = undefined;
    entries.delete(id);
    await Promise.all([known?.module, known?.other].map(letGo));
  }

  const leave = async (): Promise<void> => {
    if (currentId.value !== undefined) await close(currentId.value);
  };

  async function opened<T>(what: string, answer: Promise<Result<T>>): Promise<T | undefined> {
    opening.value = what;
    try {
      return notices.valueOf(await answer);
    } finally {
      opening.value = undefined;
    }
  }

  async function openImage(capture: string, sha256: string, name: string): Promise<void> {
    const known = list.value.find(({ from }) => from?.capture === capture && from.sha256 === sha256);
    if (known) {
      look(known.id);
      return;
    }
    const module = await opened(name, bridge.openModuleImage(capture, sha256, name));
    if (module) await show(module);
  }

  /** Holds another one, or none, against the image that is shown. */
  async function holdAgainst(module: OpenModule | undefined): Promise<void> {
    const known = entry.value;
    if (!known) {
      await letGo(module);
      return;
    }
    entries.set(known.module.id, { module: known.module, ...(module ? { other: module } : {}) });
    await letGo(known.other);
  }

  async function compareWith(module: OpenModule | null | undefined): Promise<void> {
    if (module) await holdAgainst(module);
  }

  async function compareWithFile(): Promise<void> {
    await compareWith(await opened('a module', bridge.openModuleWithDialog()));
  }

  async function compareWithImage(capture: string, sha256: string, name: string): Promise<void> {
    await compareWith(await opened(name, bridge.openModuleImage(capture, sha256, name)));
  }

  const compareWithOrigin = async (): Promise<void> => {
    const { id } = current.value ?? {};
    if (id !== undefined) await compareWith(await opened('the file', bridge.openModuleAtHand(id)));
  };

  /** A file that was dropped; a capture among them is none to compare with. */
  async function compareWithDropped(file: File): Promise<void> {
    const found = await opened(file.name, bridge.openDropped(file, 'compare'));
    if (found && isModule(found)) await compareWith(found);
  }

  const compareWithNone = (): Promise<void> => holdAgainst(undefined);

  const cancel = async (): Promise<void> => {
    notices.valueOf(await bridge.cancelModules());
  };

  /** Any value of the inspector, as it stands there. */
  const copy = async (text: string): Promise<void> => {
    notices.valueOf(await bridge.copyText(text));
  };

  return {
    current,
    other,
    list,
    hold,
    look,
    close,
    opening,
    show,
    leave,
    openImage,
    compareWithFile,
    compareWithImage,
    compareWithOrigin,
    compareWithDropped,
    compareWithNone,
    cancel,
    copy,
  };
});
