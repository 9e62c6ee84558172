/** Calls that scripts of the lab mark by their parameters: "label=NAME". */
import { readFileSync } from 'node:fs';
import type { Event } from '#contract/event.ts';

/** Lines of JSON that a script or program left. */
export function linesIn<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The label of a call to load a module, where it has one. */
export function labelOf(call: { readonly args?: Event['args'] }): string | undefined {
  const text = call.args?.find((argument) => argument.name === 'param_values')?.value;
  return typeof text === 'string' ? /(?:^| )label=(\S+)/.exec(text)?.[1] : undefined;
}

/** What carries a label, by it. */
export function byLabel<T extends { readonly args?: Event['args'] }>(calls: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const call of calls) {
    const label = labelOf(call);
    if (label !== undefined) found.set(label, call);
  }
  return found;
}
