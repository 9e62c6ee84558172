/** Which request of the kernel made a program load a module. */
import type { Process } from '#contract/event.ts';
import { fromWide } from '#contract/wide.ts';
import type { RequestFact } from './facts.ts';

/** kthreadd: the parent of every program that the kernel itself starts. */
const KERNEL_THREADS = 2;

/**
 * The name that the kernel asked for, where the process looks like its helper: `modprobe -q -- NAME`, below kthreadd
 * (kernel/module/kmod.c, call_modprobe; kernel/umh.c).
 */
export function requestedName({ argv, ppid, ancestors }: Process): string | undefined {
  const byKernel = ppid === KERNEL_THREADS || ancestors.some(({ pid }) => pid === KERNEL_THREADS);
  const separator = argv?.lastIndexOf('--') ?? -1;
  return byKernel && separator >= 0 && separator === (argv?.length ?? 0) - 2 ? argv?.at(-1) : undefined;
}

export class Requests {
  readonly #byName = new Map<string, RequestFact[]>();

  /** @param requests in order of time */
  constructor(requests: readonly RequestFact[]) {
    for (const request of requests) {
      const group = this.#byName.get(request.name);
      if (group) group.push(request);
      else this.#byName.set(request.name, [request]);
    }
  }

  /** The latest request for that name before the helper started. */
  causeOf(process: Process): RequestFact | undefined {
    const group = this.#byName.get(requestedName(process) ?? '');
    if (!group) return undefined;
    const started = fromWide(process.startNs);
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((group[middle]?.ns ?? 0n) <= started) low = middle + 1;
      else high = middle;
    }
    return group[low - 1];
  }
}
