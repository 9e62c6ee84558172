/** Rows on their way into a file: how far that is, and a way to call it off. */
import type { ExportProgress, ExportRequest } from '#contract/row-export.ts';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import { plural, size } from '../format/numbers.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';
import { useRemark } from './remark.ts';

/** What is being exported. */
export interface ExportUnderWay {
  readonly request: ExportRequest;
  /** The capture's name. */
  readonly from: string;
}

export const useRowExport = defineStore('row-export', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const { say } = useRemark();
  const underWay = shallowRef<ExportUnderWay>();
  /** Undefined until a file was chosen. */
  const progress = shallowRef<ExportProgress>();
  let cancelled = false;

  /** Asks for a file, and resolves when the rows are in it, or are not wanted any more. */
  async function run(request: ExportRequest): Promise<void> {
    const { current } = captures;
    if (!current) return;
    if (underWay.value) {
      say('Rows are being exported already; wait for that, or cancel it.', true);
      return;
    }
    underWay.value = { request, from: current.name };
    cancelled = false;
    const saved = notices.valueOf(await bridge.exportRows(current.id, request));
    underWay.value = progress.value = undefined;
    if (saved) say(`${plural(saved.rows, 'row')} in ${saved.name}, ${size(saved.bytes)}`);
    else if (cancelled) say('Export called off; nothing was left of the file.');
  }

  async function cancel(): Promise<void> {
    cancelled = true;
    notices.valueOf(await bridge.cancelExport());
  }

  function told(now: ExportProgress): void {
    if (underWay.value) progress.value = now;
  }

  return { underWay, progress, run, cancel, told };
});
