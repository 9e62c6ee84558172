/** Small C programs for guests. */
import { basename, join } from 'node:path';
import { run } from './run.ts';

/**
 * Compiles one C file into a static program of the same name in `folder`.
 * @throws LabError with the compiler's words
 */
export function buildProgram(source: string, folder: string): string {
  const program = join(folder, basename(source, '.c'));
  run('cc', ['-O2', '-Wall', '-Wextra', '-Werror', '-static', '-D_GNU_SOURCE', source, '-o', program, '-lpthread']);
  return program;
}
