/**
 * Who may import whom. Everything that is not listed here fails: `findForbidden` reads every import with TypeScript's
 * own scanner and every #include, and names those that no rule allows.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { parse } from 'vue/compiler-sfc';
import { ROOT } from './places.ts';
import { filesUnder } from './stamp.ts';

/** What one folder may import beside itself. */
interface Rule {
  readonly folder: string;
  readonly layers: readonly string[];
  /** Names of packages; '*' for any. */
  readonly packages: readonly string[];
  /** Node's own modules. */
  readonly node: boolean;
}

/** contract ← core ← {cli, main}, contract ← renderer, bpf ← native. Longer folders come before what they lie in. */
const ALLOWED: readonly Rule[] = [
  { folder: 'contract', layers: [], packages: [], node: false },
  {
    folder: 'core',
    layers: ['contract'],
    packages: [
      ...['better-sqlite3', 'zod', 'fzstd', 'xxhash-wasm', 'xz-decompress', '@alexaltea/capstone-js', 're2js'],
      ...['@peculiar/asn1-cms', '@peculiar/asn1-schema', '@peculiar/asn1-x509'],
    ],
    node: true,
  },
  { folder: 'cli', layers: ['contract', 'core', 'main/rights'], packages: ['commander', 'zod'], node: true },
  { folder: 'main/store', layers: ['contract', 'core'], packages: ['zod'], node: true },
  { folder: 'main/rights', layers: ['contract'], packages: [], node: true },
  {
    folder: 'main/app',
    layers: ['contract', 'main/store', 'main/rights'],
    packages: ['electron', 'sudo-prompt', 'zod'],
    node: true,
  },
  { folder: 'main/preload', layers: ['contract'], packages: ['electron'], node: false },
  {
    folder: 'renderer',
    layers: ['contract'],
    packages: ['vue', 'pinia', 'reka-ui', '@lucide/vue', 'd3-scale', 'vite'],
    node: false,
  },
  { folder: 'scripts', layers: ['contract', 'core', 'test/lab'], packages: ['*'], node: true },
  {
    folder: 'test',
    layers: [
      ...['contract', 'core', 'cli', 'main/app', 'main/preload', 'main/rights', 'main/store', 'renderer'],
      ...['scripts', 'bench', 'native', 'bpf'],
    ],
    packages: ['*'],
    node: true,
  },
  { folder: 'bpf', layers: [], packages: [], node: false },
  { folder: 'native', layers: ['bpf'], packages: [], node: false },
  { folder: 'fuzz', layers: ['native', 'bpf'], packages: [], node: false },
  { folder: 'bench', layers: ['contract', 'core', 'scripts', 'test/lab'], packages: ['*'], node: true },
];

/** Files with few importers: paths, or folders with a slash at the end. Components ask stores, which ask main. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  'renderer/bridge.ts': ['renderer/stores/', 'renderer/shell/wiring.ts', 'test/'],
};

/** Technical debt that needs cleaning up below this point: edges that are tolerated for now, as `file → target`. */
const DEBT: readonly string[] = [];

/** An import or #include that no rule allows. */
export interface ForbiddenEdge {
  /** Path of the importing file, relative to the checkout. */
  readonly file: string;
  /** What it imports, as written. */
  readonly target: string;
  readonly why: string;
}

/** Checks one file. `file` is relative to the checkout and need not exist. */
export function checkFile(file: string, text: string): ForbiddenEdge[] {
  const rule = ruleOf(file);
  if (!rule) return [];
  const targets = /\.[ch]$/.test(file) ? includesOf(text) : importsOf(file, text);
  return targets.flatMap((target) => {
    const why = objection(rule, file, target);
    return why === undefined || DEBT.includes(`${file} → ${target}`) ? [] : [{ file, target, why }];
  });
}

/** Checks every source file of the checkout. */
export function findForbidden(): ForbiddenEdge[] {
  return ALLOWED.flatMap(({ folder }) => filesUnder(folder))
    .filter((file, index, all) => /\.(ts|mts|mjs|js|cjs|vue|c|h)$/.test(file) && all.indexOf(file) === index)
    .flatMap((file) => checkFile(file, readFileSync(join(ROOT, file), 'utf8')));
}

function ruleOf(path: string): Rule | undefined {
  return ALLOWED.find(({ folder }) => path === folder || path.startsWith(`${folder}/`));
}

function importsOf(file: string, text: string): string[] {
  return scriptsOf(file, text).flatMap((script) =>
    ts.preProcessFile(script, true, true).importedFiles.map(({ fileName }) => fileName),
  );
}

/** The script blocks of a component, or the file itself. */
function scriptsOf(file: string, text: string): string[] {
  if (!file.endsWith('.vue')) return [text];
  const { script, scriptSetup } = parse(text, { filename: file, sourceMap: false }).descriptor;
  return [script, scriptSetup].flatMap((block) => (block ? [block.content] : []));
}

function includesOf(text: string): string[] {
  return [...text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

/** Why an edge is not allowed; undefined when it is. */
function objection(rule: Rule, file: string, target: string): string | undefined {
  const path = projectPath(file, target);
  if (path !== undefined) {
    const importers = RESERVED[path];
    if (importers && !importers.some((place) => file === place || (place.endsWith('/') && file.startsWith(place)))) {
      return `only ${listOf(importers)} may import ${path}`;
    }
    const layer = ruleOf(path)?.folder;
    const inside = path.startsWith(`${rule.folder}/`);
    if (inside || (layer !== undefined && rule.layers.includes(layer))) return undefined;
    if (rule.layers.some((allowed) => path.startsWith(`${allowed}/`))) return undefined;
    // Files beside the folders, such as package.json, belong to no layer and may be read by the tools only.
    if (layer === undefined && rule.packages.includes('*')) return undefined;
    return `${rule.folder} may import ${listOf(rule.layers)}, not ${layer ?? path}`;
  }
  if (isBuiltin(target)) return rule.node ? undefined : `${rule.folder} may not use Node's own modules`;
  const name = packageOf(target);
  if (rule.packages.includes('*') || rule.packages.includes(name)) return undefined;
  return `${rule.folder} may use ${listOf(rule.packages)}, not the package ${name}`;
}

/** The path of a target inside the checkout, undefined for a package. */
function projectPath(file: string, target: string): string | undefined {
  if (target.startsWith('#')) return target.slice(1);
  if (target.startsWith('.')) return normalize(join(dirname(file), target));
  if (!/\.[ch]$/.test(file)) return undefined;
  // A C header without dots lies beside its includer, or where the compiler's -I points.
  const beside = normalize(join(dirname(file), target));
  return existsSync(join(ROOT, beside)) ? beside : existsSync(join(ROOT, target)) ? target : beside;
}

function packageOf(target: string): string {
  const parts = target.split('/');
  return target.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? target);
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
