/** Which request of the kernel made a program load a module. */
import type { Process } from '#contract/event.ts';
import { fromWide } from '#contract/wide.ts';
import { withRoom } from '../survey/growing.ts';
import { WholeColumn } from '../survey/whole-column.ts';
import { isOddWord } from '../survey/word-column.ts';
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

/** The kernel's requests by name, in columns: a program that asks for a thing that is not there asks again and again. */
export class Requests {
  #size = 0;
  readonly #seqs = new WholeColumn();
  #ns = new BigInt64Array();
  /** Indexes by name, in order of time. */
  readonly #byName = new Map<string, number[]>();

  add({ seq, ns, name }: RequestFact): void {
    const at = this.#size++;
    this.#ns = withRoom(this.#ns, this.#size);
    this.#seqs.put(at, Number(seq));
    this.#ns[at] = ns;
    const group = this.#byName.get(name);
    if (!group) this.#byName.set(name, [at]);
    else group.splice(this.#placeIn(group, ns), 0, at);
  }

  /** Numbers of the events, for each name that passes. */
  *named(passes: (name: string) => boolean): Generator<number[]> {
    for (const [name, group] of this.#byName) if (passes(name)) yield group.map((at) => this.#seqs.at(at));
  }

  /** Whether there is a name of which SQL and this program may think differently. */
  get hasOddNames(): boolean {
    return [...this.#byName.keys()].some(isOddWord);
  }

  /** How many of a group's requests were made up to that moment. */
  #placeIn(group: readonly number[], ns: bigint): number {
    const last = group.at(-1);
    if (last !== undefined && (this.#ns[last] ?? 0n) <= ns) return group.length;
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ns[group[middle] ?? 0] ?? 0n) <= ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The latest request for that name before the helper started. */
  causeOf(process: Process): RequestFact | undefined {
    const name = requestedName(process) ?? '';
    const group = this.#byName.get(name);
    const at = group?.[this.#placeIn(group, fromWide(process.startNs)) - 1];
    if (at === undefined) return undefined;
    return { seq: BigInt(this.#seqs.at(at)), ns: this.#ns[at] ?? 0n, callId: undefined, name };
  }
}
