/** Every function with its place and size, and which of them the kernel calls by itself. */
import type { FunctionsPart, ModuleFunction } from '#contract/inspect.ts';
import { FUNC } from './elf/symbols.ts';
import type { Making } from './inspect.ts';
import { entryPoints } from './struct-module.ts';
import type { Mutable } from './mutable.ts';

const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];
/** Names that say only what the function is for; another name of the same place says more. */
const GENERIC = new Set(['init_module', 'cleanup_module']);

export function functionsPart({ image }: Making): FunctionsPart {
  const { symbols } = image;
  const { init, exit } = entryPoints(image);
  // By section, then by place in it: one text for both would be made for every function.
  const byPlace = new Map<number, Map<number, number[]>>();
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.type(index) !== FUNC) continue;
    const home = symbols.home(index);
    if (!home) continue;
    let places = byPlace.get(home.index);
    if (!places) byPlace.set(home.index, (places = new Map()));
    const place = symbols.value(index);
    const known = places.get(place);
    if (known) known.push(index);
    else places.set(place, [index]);
  }
  const entries: ModuleFunction[] = [];
  for (const indexes of [...byPlace.values()].flatMap((places) => [...places.values()])) {
    const main = indexes.find((index) => !GENERIC.has(symbols.name(index))) ?? indexes[0] ?? 0;
    const section = symbols.home(main);
    if (!section) continue;
    const sizes = indexes.map((index) => symbols.size(index));
    const size = sizes.reduce((most, one) => Math.max(most, one), 0);
    const range = symbols.range(indexes[sizes.indexOf(size)] ?? main);
    const aliases = indexes.filter((index) => index !== main).map((index) => symbols.name(index));
    const role = indexes.some((index) => index === init)
      ? 'init'
      : indexes.some((index) => index === exit)
        ? 'exit'
        : undefined;
    const binding = symbols.binding(main);
    const entry: Mutable<ModuleFunction> = {
      name: symbols.name(main),
      symbol: main,
      section: section.index,
      value: symbols.value(main),
      size,
      binding: BINDINGS[binding] ?? String(binding),
    };
    if (range) entry.range = range;
    if (role !== undefined) entry.role = role;
    if (aliases.length > 0) entry.aliases = aliases;
    entries.push(entry);
  }
  entries.sort((a, b) => a.section - b.section || a.value - b.value);
  return { entries, problems: image.symbolProblems.all() };
}
