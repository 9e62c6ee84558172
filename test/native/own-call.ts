/** A call of one's own, told from those of other suites, which run on the same kernel at the same time. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Attempt } from '#contract/attempt.ts';
import { attemptsOf } from './modtrail.ts';

export class OwnCall {
  readonly text = `own=${randomUUID()}`;

  /** Calls finit_module(-1, text, 0), which no kernel accepts. */
  make(): void {
    spawnSync('python3', ['-c', `import ctypes; ctypes.CDLL(None).syscall(313, -1, b"${this.text}", 0)`]);
  }

  among<T extends Pick<Attempt, 'args'>>(attempts: readonly T[]): T[] {
    return attempts.filter(({ args }) =>
      args.some(({ name, value }) => name === 'param_values' && value === this.text),
    );
  }

  in(capture: string): Attempt[] {
    return this.among(attemptsOf(capture));
  }
}
