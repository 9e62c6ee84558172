/** The mapping of boot time to wall time that a capture holds, for drawing axes. */
import type { Wide } from './wide.ts';

export interface ClockSample {
  readonly ns: Wide;
  readonly wallNs: Wide;
  /** Half the time that reading both took; absent where the recorder left no sample of its own. */
  readonly uncertaintyNs?: Wide;
}
