/** The window with a capture in it. */
import { mounted, openSample, settled, tell } from './page.ts';
import type { OpenCapture } from '#contract/api.ts';
import { useWiring } from '../../renderer/shell/wiring.ts';

/** Wires the window up and opens the sample in it. */
export async function sampleOpened(): Promise<OpenCapture> {
  mounted(useWiring);
  const opened = openSample();
  tell('opened', opened);
  await settled();
  return opened;
}
