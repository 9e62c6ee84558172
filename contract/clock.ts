/** The mapping of boot time to wall time that a capture holds, for drawing axes. */
import type { Wide } from './wide.ts';

export interface ClockSample {
  readonly ns: Wide;
  readonly wallNs: Wide;
}
