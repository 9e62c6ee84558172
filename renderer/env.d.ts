/** What the page finds in its window. */
import type { PageBridge } from '#contract/packed.ts';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly modtrail: PageBridge<File>;
  }
}
