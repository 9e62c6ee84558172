/** An attempt's verdict in one sentence, fit for a report. */
import type { Joined } from './join.ts';
import { caller, capitalised, duration, errorOf, reason, subject, type Context } from './phrases.ts';

function liveSummary(joined: Joined, name: string, by: string): string {
  const { load, sharedWith, contradictions } = joined;
  if (!load) return `${by} was told that ${name} is loaded; the kernel's own word is not recorded.`;
  const shared = sharedWith ? `, together with call ${String(sharedWith.callId)} on the same file,` : '';
  const hidden = contradictions.map((contradiction) => ` ${contradiction.text}`).join('');
  return `${name} was loaded by ${by}${shared} and is live.${hidden}`;
}

function unloadedSummary({ life, call }: Joined, name: string, by: string): string {
  if (life?.free) return `${name} was loaded by ${by} and removed after ${duration(life.free.ns - call.ns)}.`;
  if (life?.removal) {
    const within = duration(life.removal.ns - call.ns);
    return `${name} was loaded by ${by} and removed within ${within}, by call ${String(life.removal.callId)}.`;
  }
  return `${name} was loaded by ${by} and is gone: another module took its place in memory.`;
}

function pendingSummary({ returnLoss, load }: Joined, context: Context, name: string, by: string): string {
  const accepted = load ? `; the kernel had accepted it as ${load.name}` : '';
  if (returnLoss) return `What the call of ${by} for ${name} returned is not recorded: records were lost${accepted}.`;
  const state = context.recording ? 'has not returned yet' : 'did not return while it was recorded';
  return `The call of ${by} for ${name} ${state}${accepted}.`;
}

export function summaryOf(joined: Joined, context: Context): string {
  const { call, verdict } = joined;
  const name = subject(joined);
  const by = caller(joined);
  const error = errorOf(call) ?? '';
  switch (verdict) {
    case 'live':
      return capitalisedName(joined, liveSummary(joined, name, by));
    case 'unloaded':
      return capitalisedName(joined, unloadedSummary(joined, name, by));
    case 'rejected':
      return `The kernel rejected ${name} from ${by}: ${reason(joined, context)}.`;
    case 'init-failed':
      return capitalisedName(
        joined,
        `${name} was accepted, its init ran and failed with ${error}: its code did execute.`,
      );
    case 'removed':
      return capitalisedName(joined, `${name} was removed by ${by}.`);
    case 'refused':
      return `The kernel refused to remove ${name} for ${by}: ${reason(joined, context)}.`;
    case 'no-return':
      return pendingSummary(joined, context, name, by);
    case 'contradiction':
      return joined.contradictions[0]?.text ?? 'The facts contradict each other.';
  }
}

/** A module's name keeps its case; words that stand for one begin a sentence. */
function capitalisedName({ moduleName }: Joined, sentence: string): string {
  return moduleName ? sentence : capitalised(sentence);
}
