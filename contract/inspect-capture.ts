/** What a capture says of an image that it kept: beside what the bytes say, in `inspect CAPTURE --image`. */
import type { Verdict } from './attempt.ts';

export interface InCapture {
  /** Release of the kernel that was recorded, where the capture knows it. */
  readonly kernel?: string;
  /** Whether the image was built for it, by its vermagic; absent of an image without one. */
  readonly vermagicFits?: boolean;
  /** Calls that handed these very bytes to the kernel, in order. */
  readonly loads: readonly ImageLoad[];
}

export interface ImageLoad {
  readonly callId: number;
  /** RFC 3339. */
  readonly time: string;
  readonly verdict: Verdict;
  readonly errno?: string;
  /** What the kernel made of the signature (sig_ok of its module structure); absent where it did not come as far. */
  readonly signatureOk?: boolean;
  /** Names of the taints that the kernel set for it. */
  readonly taints?: readonly string[];
  /** The text of parameters that was passed. */
  readonly parameters?: string;
}
