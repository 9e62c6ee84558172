/** The way from an image of the capture to its inspector. */
import { useCaptures } from '../stores/captures.ts';
import { useModules } from '../stores/module/modules.ts';
import { useView } from '../stores/view.ts';

export function useInspect(): { inspectImage(sha256: string, name: string): Promise<void> } {
  const captures = useCaptures();
  const modules = useModules();
  const view = useView();
  return {
    inspectImage: async (sha256, name) => {
      const capture = captures.currentId;
      if (capture === undefined) return;
      await modules.openImage(capture, sha256, name);
      const { from } = modules.current ?? {};
      if (from?.capture === capture && from.sha256 === sha256) view.showModule();
    },
  };
}
