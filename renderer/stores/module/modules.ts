/** The image that the inspector shows, and the one that it is held against. */
import { isModule } from '#contract/api.ts';
import type { Result } from '#contract/result.ts';
import type { OpenModule } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';

export const useModules = defineStore('modules', () => {
  const notices = useNotices();
  const current = shallowRef<OpenModule>();
  const other = shallowRef<OpenModule>();
  /** What is being opened, for as long as it takes. */
  const opening = ref<string>();

  async function close(which: OpenModule | undefined): Promise<void> {
    if (which) notices.valueOf(await bridge.closeModule(which.id));
  }

  /** Shows an image that main has opened; the one that was shown before is closed. */
  async function show(module: OpenModule): Promise<void> {
    const before = [current.value, other.value];
    current.value = module;
    other.value = undefined;
    await Promise.all(before.filter((one) => one?.id !== module.id).map(close));
  }

  async function leave(): Promise<void> {
    const before = [current.value, other.value];
    current.value = other.value = undefined;
    await Promise.all(before.map(close));
  }

  async function opened<T>(what: string, answer: Promise<Result<T>>): Promise<T | undefined> {
    opening.value = what;
    try {
      return notices.valueOf(await answer);
    } finally {
      opening.value = undefined;
    }
  }

  async function openImage(capture: string, sha256: string, name: string): Promise<void> {
    const { from } = current.value ?? {};
    if (from?.capture === capture && from.sha256 === sha256) return;
    const module = await opened(name, bridge.openModuleImage(capture, sha256, name));
    if (module) await show(module);
  }

  /** Holds another one, or none, against the image that is shown. */
  async function compareWith(module: OpenModule | null | undefined): Promise<void> {
    if (!module) return;
    const before = other.value;
    other.value = module;
    await close(before);
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

  async function compareWithNone(): Promise<void> {
    const before = other.value;
    other.value = undefined;
    await close(before);
  }

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
