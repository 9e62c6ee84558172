/** Case files of the capture that is looked at: written and read by main, which asks where. */
import type { CaseFile } from '#contract/notes.ts';
import { defineStore } from 'pinia';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

export const useCases = defineStore('cases', () => {
  const captures = useCaptures();
  const notices = useNotices();

  /** The name of the file that was written; undefined where none was. */
  async function exported(): Promise<string | undefined> {
    const id = captures.currentId;
    const name = id === undefined ? undefined : notices.valueOf(await bridge.exportCase(id));
    return typeof name === 'string' ? name : undefined;
  }

  /** What a chosen file holds, where it is of the capture that is looked at. */
  async function imported(): Promise<CaseFile | undefined> {
    const id = captures.currentId;
    const found = id === undefined ? undefined : notices.valueOf(await bridge.importCase(id));
    // Another capture may be looked at by now.
    return found && found.capture.uuid === captures.current?.info.uuid ? found : undefined;
  }

  return { exported, imported };
});
