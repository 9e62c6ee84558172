/** A failure on its way out of core. Caught at the store's and the command line's edge and turned into a Result. */
import type { ErrorCode, Failure } from '#contract/result.ts';

export class CaptureError extends Error {
  readonly failure: Failure;

  constructor(code: ErrorCode, message: string, detail?: string) {
    super(message);
    this.failure = detail === undefined ? { code, message } : { code, message, detail };
  }
}
