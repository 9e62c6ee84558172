/** The part of capstone-js that is used: the package brings no types. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { withoutData } from './wasm-data.ts';

interface Handle {
  /** Address of the handle in the library's memory. */
  readonly handle_ptr: number;
  option(option: number, value: number): void;
}
export interface Library {
  readonly Capstone: new (architecture: number, mode: number) => Handle;
  readonly ARCH_X86: number;
  readonly ARCH_ARM64: number;
  readonly MODE_64: number;
  readonly MODE_LITTLE_ENDIAN: number;
  readonly OPT_SKIPDATA: number;
  readonly OPT_ON: number;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _cs_disasm(handle: number, code: number, size: number, address: bigint, most: number, result: number): number;
  _cs_free(instructions: number, count: number): void;
  writeArrayToMemory(bytes: Uint8Array, pointer: number): void;
  getValue(pointer: number, type: 'i16' | 'i32' | '*'): number;
  UTF8ToString(pointer: number): string;
}
/** Its 3 MB lie beside it in its package, which therefore stays outside of bundles. */
export async function loadCapstone(): Promise<Library> {
  const { default: load } = (await import(PACKAGE as string)) as {
    default: (options: { readonly instantiateWasm: Instantiate }) => Promise<Library>;
  };
  return load({ instantiateWasm: instantiate });
}

const PACKAGE = '@alexaltea/capstone-js';

/** What is used of WebAssembly: Node has it, its types do not. */
interface Engine {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new () => { readonly buffer: ArrayBuffer };
}

/** How the library's loader is told that somebody else makes the instance. */
type Instantiate = (imports: object, done: (instance: object, module: object) => void) => void;

const instantiate: Instantiate = (imports, done) => {
  const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
  const { resolve } = createRequire(import.meta.url);
  const { code, fill } = withoutData(readFileSync(join(dirname(resolve(PACKAGE)), 'capstone.wasm')));
  const module = new engine.Module(code);
  const instance = new engine.Instance(module, imports);
  const memory = Object.values(instance.exports).find((one) => one instanceof engine.Memory);
  if (!memory) throw new TypeError('the disassembler has no memory');
  fill(new Uint8Array(memory.buffer));
  done(instance, module);
};
