/** The only way out of the page: main's verbs, each answered with a Result. */
import type { Bridge } from '#contract/api.ts';

export const bridge: Bridge<File> = window.modtrail;
