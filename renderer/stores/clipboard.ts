/** Texts to the clipboard, through main. */
import { defineStore } from 'pinia';
import { bridge } from '../bridge.ts';
import { useNotices } from './notices.ts';

export const useClipboard = defineStore('clipboard', () => {
  const notices = useNotices();

  /** @returns whether it is there; why not, a notice tells */
  async function copy(text: string): Promise<boolean> {
    return notices.valueOf(await bridge.copyText(text)) !== undefined;
  }

  return { copy };
});
