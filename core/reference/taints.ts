/** Taint flags. Source: Documentation/admin-guide/tainted-kernels.rst and kernel/panic.c. */
import type { ReferenceTaint } from '#contract/reference.ts';

const SOURCE = 'Documentation/admin-guide/tainted-kernels.rst';

const ROWS: readonly (readonly [letter: string, name: string, meaning: string])[] = [
  ['P', 'proprietary module', 'A module with a licence that is not GPL-compatible was loaded.'],
  ['F', 'forced load', 'A module was loaded by force, its version check switched off.'],
  ['S', 'out of specification', 'The kernel runs on a system that is out of its specification.'],
  ['R', 'forced unload', 'A module was removed by force.'],
  ['M', 'machine check', 'The processor reported a machine check exception.'],
  ['B', 'bad page', 'A bad page was referenced, or page flags were unexpected.'],
  ['U', 'user request', 'A user asked for this flag.'],
  ['D', 'died recently', 'The kernel died: there was an oops or a BUG.'],
  ['A', 'ACPI table overridden', 'An ACPI table was overridden by the user.'],
  ['W', 'warning', 'The kernel issued a warning.'],
  ['C', 'staging driver', 'A module from the staging tree was loaded.'],
  ['I', 'firmware workaround', 'A workaround for a bug in the platform firmware is applied.'],
  ['O', 'out-of-tree module', 'A module that was not built in the kernel tree was loaded.'],
  ['E', 'unsigned module', 'A module without a valid signature was loaded where signatures are supported.'],
  ['L', 'soft lockup', 'A soft lockup occurred.'],
  ['K', 'live patch', 'The kernel was live-patched.'],
  ['X', 'auxiliary', 'Defined and used by distributions.'],
  ['T', 'randomised layout', 'The kernel was built with the struct randomisation plugin.'],
  ['N', 'in-kernel test', 'An in-kernel test was run.'],
];

export const TAINTS: readonly ReferenceTaint[] = ROWS.map(([letter, name, meaning], bit) => ({
  bit,
  letter,
  name,
  meaning,
  source: SOURCE,
}));

/** Names of the bits that are set; a bit without a name is told by its number. */
export function taintNames(mask: bigint): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if (((mask >> BigInt(bit)) & 1n) === 1n) names.push(TAINTS[bit]?.name ?? `bit ${String(bit)}`);
  }
  return names;
}
