/** The kernels that the lab boots, with what tells them apart for whoever loads modules. */

export interface Line {
  readonly line: string;
  /** Debian's modules are compressed, and finit_module takes them as they are (MODULE_INIT_COMPRESSED_FILE). */
  readonly compressed: boolean;
  /** Loads of one inode at the same moment are one load, whose result all callers get (from 6.5 on). */
  readonly sharesLoads: boolean;
}

export const LINES: readonly Line[] = [
  { line: '5.10', compressed: false, sharesLoads: false },
  { line: '6.1', compressed: false, sharesLoads: false },
  { line: '6.12', compressed: true, sharesLoads: true },
  { line: '7.3', compressed: true, sharesLoads: true },
];

/** What MODTRAIL_LAB asks for: `all`, or lines with commas between them; undefined where each test has its own. */
const wanted = ((): readonly Line[] | undefined => {
  const said = process.env['MODTRAIL_LAB'];
  if (!said) return undefined;
  const names = said.split(',');
  const found = LINES.filter(({ line }) => said === 'all' || names.includes(line));
  if (found.length === 0) throw new Error(`MODTRAIL_LAB names no line of kernels: ${said}`);
  return found;
})();

/**
 * The lines that a test boots: those named here, which together see what differs between kernels in the time that
 * everybody has, or those of MODTRAIL_LAB.
 */
export function linesOf(...names: readonly string[]): readonly Line[] {
  return wanted ?? LINES.filter(({ line }) => names.includes(line));
}

/** The line of a test that boots a single one: the one named here, or that of MODTRAIL_LAB where that names just one. */
export function lineOf(name: string): string {
  return (wanted?.length === 1 ? wanted[0]?.line : undefined) ?? name;
}

/** Whether what is the same on all kernels is tried on this one: on 6.1, and on every line that MODTRAIL_LAB asks for. */
export function triesAll(line: string): boolean {
  return wanted !== undefined || line === '6.1';
}
