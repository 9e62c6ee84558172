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

/**
 * The lines that a test boots: those named here, which together see what differs between kernels in the time that
 * everybody has, or all of them with MODTRAIL_LAB=all.
 */
export function linesOf(...names: readonly string[]): readonly Line[] {
  return process.env['MODTRAIL_LAB'] === 'all' ? LINES : LINES.filter(({ line }) => names.includes(line));
}
