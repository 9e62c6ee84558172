/** Every function with its place and size, and which of them the kernel calls by itself. */
import type { FunctionsPart, ModuleFunction } from '#contract/inspect.ts';
import type { RawSection } from './elf/sections.ts';
import { FUNC, type SymbolTable } from './elf/symbols.ts';
import type { Making } from './inspect.ts';
import { entryPoints } from './struct-module.ts';
import type { Mutable } from './mutable.ts';

const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];
/** Names that say only what the function is for; another name of the same place says more. */
const GENERIC = new Set(['init_module', 'cleanup_module']);

/** A symbol of a function, with where it lies. */
interface Placed {
  readonly index: number;
  readonly section: RawSection;
  readonly value: number;
}

export function functionsPart({ image }: Making): FunctionsPart {
  const { symbols } = image;
  const entry = entryPoints(image);
  const placed: Placed[] = [];
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.type(index) !== FUNC) continue;
    const section = symbols.home(index);
    if (section) placed.push({ index, section, value: symbols.value(index) });
  }
  placed.sort((a, b) => a.section.index - b.section.index || a.value - b.value);
  const entries: ModuleFunction[] = [];
  for (let from = 0, to = 0; from < placed.length; from = to) {
    to = endOfPlace(placed, from);
    entries.push(functionAt(symbols, placed, from, to, entry));
  }
  return { entries, problems: image.symbolProblems.all() };
}

/** Where the symbols of another place begin. */
function endOfPlace(placed: readonly Placed[], from: number): number {
  let to = from + 1;
  while (placed[to]?.section === placed[from]?.section && placed[to]?.value === placed[from]?.value) to += 1;
  return to;
}

/** All symbols of one place, in the order of the table: one of them names it. */
function functionAt(
  symbols: SymbolTable,
  placed: readonly Placed[],
  from: number,
  to: number,
  { init, exit }: ReturnType<typeof entryPoints>,
): ModuleFunction {
  let main = from;
  while (to - from > 1 && main < to && GENERIC.has(symbols.name(placed[main]?.index ?? 0))) main += 1;
  if (main === to) main = from;
  const { index: symbol = 0, section, value = 0 } = placed[main] ?? {};
  let largest = from;
  let role: ModuleFunction['role'];
  const aliases: string[] = [];
  for (let at = from; at < to; at++) {
    const index = placed[at]?.index ?? 0;
    if (symbols.size(index) > symbols.size(placed[largest]?.index ?? 0)) largest = at;
    if (index === init) role = 'init';
    else if (index === exit && role === undefined) role = 'exit';
    if (at !== main) aliases.push(symbols.name(index));
  }
  const range = symbols.range(placed[largest]?.index ?? 0);
  const binding = symbols.binding(symbol);
  const entry: Mutable<ModuleFunction> = {
    name: symbols.name(symbol),
    symbol,
    section: section?.index ?? 0,
    value,
    size: symbols.size(placed[largest]?.index ?? 0),
    binding: BINDINGS[binding] ?? String(binding),
  };
  if (range) entry.range = range;
  if (role !== undefined) entry.role = role;
  if (aliases.length > 0) entry.aliases = aliases;
  return entry;
}
