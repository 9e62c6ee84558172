/** What is checked without running the product: types of every layer, lint, format, import edges. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findForbidden } from './edges.ts';
import { runCommand, type Outcome } from './parallel.ts';
import { NODE, ROOT } from './places.ts';
import { filesUnder } from './stamp.ts';
import { LAYERS, type LayerTypes } from './types.ts';

/** One check; `null` means that it cannot be done here, with the reason in `skip`. */
export interface Check {
  readonly name: string;
  readonly skip?: string;
  run(): Promise<Outcome>;
}

/** Longest time of one check, in milliseconds. */
const LIMIT = 10 * 60_000;

/** One version of the C formatter: others lay out some lines differently. */
const C_FORMATTER = 'clang-format-16';

/** Every check, the slow ones first. */
export function checks(): Check[] {
  const bin = (name: string): string => join(ROOT, 'node_modules/.bin', name);
  return [
    command('lint', [bin('eslint'), '.', '--max-warnings', '0']),
    command('types of renderer', [bin('vue-tsc'), '-p', 'renderer']),
    ...types(),
    command('format', [bin('prettier'), '--check', '--log-level', 'warn', '.']),
    { name: 'import edges', run: edges },
    cFormat(),
  ];
}

function command(name: string, words: readonly string[]): Check {
  return { name, run: () => runCommand(words, LIMIT) };
}

/** One process looks at all layers; each of them is a check. */
function types(): Check[] {
  let all: Promise<Outcome> | undefined;
  const one = async (layer: string): Promise<Outcome> => {
    all ??= runCommand([NODE, join(ROOT, 'scripts/types.ts'), ...LAYERS], LIMIT);
    const ended = await all;
    if (ended.code !== 0) return ended;
    const found = (JSON.parse(ended.output) as LayerTypes[]).find((types) => types.layer === layer);
    if (!found) return { ...ended, code: 1 };
    return { code: found.output === '' ? 0 : 1, output: found.output, seconds: found.seconds };
  };
  return LAYERS.map((layer) => ({ name: `types of ${layer}`, run: () => one(layer) }));
}

function edges(): Promise<Outcome> {
  const start = performance.now();
  const lines = findForbidden().map(({ file, target, why }) => `${file}: import of ${target}: ${why}\n`);
  const seconds = (performance.now() - start) / 1000;
  return Promise.resolve({ code: lines.length > 0 ? 1 : 0, output: lines.join(''), seconds });
}

function cFormat(): Check {
  const name = 'format of C';
  const words = cFormatter();
  if (words === undefined) {
    return { name, skip: `${C_FORMATTER} is not installed`, run: () => Promise.reject(new Error('not installed')) };
  }
  return command(name, [...words, '--dry-run', '--Werror', '--ferror-limit=1', ...cFiles()]);
}

/** The C formatter's command, undefined where there is none. */
export function cFormatter(): string[] | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.some((folder) => existsSync(join(folder, C_FORMATTER))) ? [C_FORMATTER, '--style=file'] : undefined;
}

/** Every C file of the product and of its tests. */
export function cFiles(): string[] {
  return ['bpf', 'native', 'fuzz', 'bench', 'test'].flatMap(filesUnder).filter((file) => /\.[ch]$/.test(file));
}
