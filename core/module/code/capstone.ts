/** The part of capstone-js that is used: the package brings no types. */

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
  const { default: load } = (await import('@alexaltea/capstone-js' as string)) as { default: () => Promise<Library> };
  return load();
}
