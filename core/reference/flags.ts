/** Flags of the calls, with the values that the kernel gives them. */
import type { ReferenceFlag } from '#contract/reference.ts';

const MODULE_H = 'include/uapi/linux/module.h';

export const FINIT_FLAGS: readonly ReferenceFlag[] = [
  {
    name: 'MODULE_INIT_IGNORE_MODVERSIONS',
    value: 1,
    description:
      'Ignore the checksums of the symbols that the module needs. The kernel then ignores the signature too.',
    source: MODULE_H,
  },
  {
    name: 'MODULE_INIT_IGNORE_VERMAGIC',
    value: 2,
    description: 'Ignore the version text that the module was built for. The kernel then ignores the signature too.',
    source: MODULE_H,
  },
  {
    name: 'MODULE_INIT_COMPRESSED_FILE',
    value: 4,
    description: 'The file is compressed and the kernel unpacks it (from 5.17, where it is built with it).',
    source: MODULE_H,
  },
];

export const DELETE_FLAGS: readonly ReferenceFlag[] = [
  {
    name: 'O_NONBLOCK',
    value: 0x800,
    description:
      'Do not wait until nobody uses the module. rmmod always sets it; kernels from 3.13 behave so in any case.',
    source: 'delete_module(2), kernel/module/main.c',
  },
  {
    name: 'O_TRUNC',
    value: 0x200,
    description:
      'Remove by force, even while it is in use; taints the kernel. Ignored where the kernel is built without forced unloading.',
    source: 'delete_module(2), kernel/module/main.c',
  },
];

/** Flags by name, unknown bits in hexadecimal: "MODULE_INIT_IGNORE_VERMAGIC | 0x8". Zero is "no flags". */
export function flagText(value: number, known: readonly ReferenceFlag[]): string {
  const bits = value >>> 0;
  if (bits === 0) return 'no flags';
  const set = known.filter((flag) => (bits & flag.value) !== 0);
  const rest = set.reduce((left, flag) => left & ~flag.value, bits) >>> 0;
  return [...set.map((flag) => flag.name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join(' | ');
}

/** Bits that no flag of the call has. */
export function unknownBits(value: number, known: readonly ReferenceFlag[]): number {
  return known.reduce((left, flag) => left & ~flag.value, value >>> 0) >>> 0;
}
