/** What the page finds in its window. */
import type { Bridge } from '#contract/api.ts';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly modtrail: Bridge<File>;
  }
}
