/** The facts of one call, joined: everything that an attempt's words are made of. */
import type { Contradiction } from '#contract/attempt.ts';
import type { ModuleFact, Process } from '#contract/event.ts';
import type { ImageReading } from '../capture/images.ts';
import { errnoName } from '../reference/errno.ts';
import { nameOfFile } from './attempt-order.ts';
import type { Call } from './calls.ts';
import type { ModuleChange, RequestFact } from './facts.ts';
import type { Judge, Judgement } from './judge.ts';
import { requestedName } from './requests.ts';

export interface Joined extends Judgement {
  readonly call: Call;
  readonly operation: 'load' | 'unload';
  readonly process: Process | undefined;
  readonly moduleName: string | undefined;
  readonly nameFrom: ModuleFact['nameFrom'] | undefined;
  /** What the kernel loaded in this call, or in the one whose load it shares. */
  readonly load: ModuleChange | undefined;
  readonly image: ImageReading | undefined;
  readonly request: RequestFact | undefined;
  /** The process looks like the kernel's helper, whether or not its request is recorded. */
  readonly looksRequested: boolean;
  readonly contradictions: readonly Contradiction[];
}

type Code = NonNullable<Judgement['disagreement']>;

function disagreementText(code: Code, call: Call, judgement: Judgement, name: string): string {
  const returned = errnoName(call.returned ?? 0n) ?? '';
  switch (code) {
    case 'success-without-load':
      return 'The call returned success, but the kernel loaded no module in it: the return value may be forged.';
    case 'failure-but-loaded':
      return `The call returned ${returned}, but the kernel loaded ${name} in it and did not free it again.`;
    case 'removed-without-free':
      return 'The call returned success, but the kernel freed no module in it: the return value may be forged.';
    case 'refused-but-freed':
      return `The call returned ${returned}, but the kernel freed ${name} in it.`;
    case 'live-but-unlisted':
      return judgement.hidden?.text ?? '';
    case 'parameters-changed':
      return 'The parameters changed while the call ran.';
  }
}

function disagreements(call: Call, judgement: Judgement): Contradiction[] {
  const { disagreement, life, free, hidden } = judgement;
  if (!disagreement) return [];
  const change = life?.load ?? free;
  return [
    {
      code: disagreement,
      text: disagreementText(disagreement, call, judgement, change?.name ?? 'a module'),
      evidence: hidden
        ? [Number(call.seq), ...hidden.evidence]
        : [call.seq, change?.seq].filter((seq) => seq !== undefined).map(Number),
    },
  ];
}

function nameOf(call: Call, kernels: string | undefined): Pick<Joined, 'moduleName' | 'nameFrom'> {
  if (kernels !== undefined) return { moduleName: kernels, nameFrom: 'kernel' };
  if (call.name !== undefined) return { moduleName: call.name, nameFrom: 'argument' };
  const moduleName = nameOfFile(call.filePath);
  return { moduleName, nameFrom: moduleName === undefined ? undefined : 'file' };
}

export class Joiner {
  readonly judge: Judge;

  constructor(judge: Judge) {
    this.judge = judge;
  }

  join(call: Call, process: Process | undefined, image: ImageReading | undefined): Joined {
    const judgement = this.judge.judge(call);
    const unload = call.kind === 'delete_module';
    const load = judgement.life?.load;
    const requested = unload || !process ? undefined : requestedName(process);
    return {
      ...judgement,
      call,
      operation: unload ? 'unload' : 'load',
      process,
      ...nameOf(call, (unload ? judgement.free : load)?.name),
      load,
      image,
      request: requested === undefined || !process ? undefined : this.judge.facts.requests.causeOf(process),
      looksRequested: requested !== undefined,
      contradictions: disagreements(call, judgement),
    };
  }
}
