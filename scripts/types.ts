/**
 * `types.ts LAYER…`: checks the types of layers of the house as `tsc -p LAYER` does, but each file once, by the layer that
 * it lies in: what a layer imports from another one is checked there, with that one's options. All share one process, and
 * what it has parsed. Prints an array of LayerTypes, in the order of the arguments.
 */
import { join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from './places.ts';

/** Folders with a tsconfig.json that the compiler itself checks; Vue's compiler has another one. */
export const LAYERS = [
  ...['contract', 'core', 'cli', 'main/store', 'main/rights', 'main/app', 'main/preload'],
  ...['scripts', 'bench', 'test'],
] as const;

/** What was found in a layer. */
export interface LayerTypes {
  readonly layer: string;
  /** Empty where all is well. */
  readonly output: string;
  readonly seconds: number;
}

/** Every folder whose files are checked by themselves. */
const OWNERS = [...LAYERS, 'renderer'];

const FORMAT: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => '\n',
};

function isAnothers(file: string, layer: string): boolean {
  const path = relative(ROOT, file);
  const owner = OWNERS.find((folder) => path.startsWith(`${folder}/`));
  return owner !== undefined && owner !== layer;
}

/** Files that were parsed for one layer, for the next one: their options do not differ in what the parser looks at. */
function sharedHost(options: ts.CompilerOptions, parsed: Map<string, ts.SourceFile>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  return {
    ...host,
    getSourceFile: (name, how, ...rest) => {
      const key = `${name} ${typeof how === 'object' ? String(how.impliedNodeFormat) : ''}`;
      const file = parsed.get(key) ?? parse(name, how, ...rest);
      if (file) parsed.set(key, file);
      return file;
    },
  };
}

/**
 * What the compiler has to say of a layer's own files.
 * @param parsed - takes what was parsed, and gives it to the next layer
 */
export function typesOf(layer: string, parsed = new Map<string, ts.SourceFile>()): LayerTypes {
  const start = performance.now();
  const config = join(ROOT, layer, 'tsconfig.json');
  const unreadable: ts.Diagnostic[] = [];
  const read = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (found) => unreadable.push(found),
  });
  const diagnostics: ts.Diagnostic[] = [...unreadable, ...(read?.errors ?? [])];
  if (read) {
    const program = ts.createProgram({
      rootNames: read.fileNames,
      options: read.options,
      host: sharedHost(read.options, parsed),
    });
    diagnostics.push(...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics());
    for (const file of program.getSourceFiles()) {
      if (file.fileName.includes('/node_modules/') || isAnothers(file.fileName, layer)) continue;
      diagnostics.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
    }
  }
  const output = ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(diagnostics), FORMAT);
  return { layer, output, seconds: (performance.now() - start) / 1000 };
}

if (import.meta.main) {
  const parsed = new Map<string, ts.SourceFile>();
  process.stdout.write(JSON.stringify(process.argv.slice(2).map((layer) => typesOf(layer, parsed))));
}
