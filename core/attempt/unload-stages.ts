/** What each stage of an unload says. */
import type { Stage } from '#contract/attempt.ts';
import type { Joined } from './join.ts';
import { caller, reason, returnNs, subject, unreturned, type Context } from './phrases.ts';
import { contradicted, done, failed, notReached, stage, unknown, type Finding } from './stages.ts';

function called(joined: Joined): Finding {
  const { call } = joined;
  const times = call.repeat > 1 ? `, ${String(call.repeat)} times` : '';
  return done(`${caller(joined)} called delete_module for ${subject(joined)}${times}`, [call.seq], call.ns);
}

function exitRan(joined: Joined, context: Context): Finding {
  const { call, free } = joined;
  if (free) return done("the module's exit function ran, where it has one", [free.seq]);
  if (call.returned === undefined) return unknown(unreturned(joined, context));
  if (call.returned < 0n) return failed(`refused: ${reason(joined, context)}`, [call.seq], returnNs(joined));
  return unknown('no record says so');
}

function unloaded(joined: Joined, context: Context): Finding {
  const { call, free, loss, disagreement } = joined;
  if (free && disagreement) return contradicted(`the call failed, but ${free.name} was freed`, [free.seq]);
  if (free) return done(`${free.name} was freed`, [free.seq], free.ns);
  if (call.returned === undefined) return unknown(unreturned(joined, context));
  if (call.returned < 0n) return notReached('the module stays');
  if (disagreement) return contradicted('the call returned success, but the kernel freed nothing', [call.seq]);
  if (loss) return unknown('records were lost while the call ran', [loss.seq]);
  return unknown("the kernel's own word was not recorded here");
}

export function unloadStages(joined: Joined, context: Context): Stage[] {
  const { clock } = context;
  return [
    stage('called', called(joined), clock),
    stage('exit ran', exitRan(joined, context), clock),
    stage('unloaded', unloaded(joined, context), clock),
  ];
}
