/** What each stage of a load says. */
import type { Stage } from '#contract/attempt.ts';
import type { Joined } from './join.ts';
import { endOf, removalOf, type Life } from './module-changes.ts';
import { bytes, caller, duration, errorOf, reason, returnNs, unreturned, type Context } from './phrases.ts';
import { contradicted, done, failed, notReached, stage, unknown, type Finding } from './stages.ts';

/** Errors that a kernel finds only in bytes that it has read. */
const AFTER_READING = new Set(['ENOEXEC', 'EEXIST', 'ENOKEY', 'EBADMSG', 'EKEYREJECTED', 'ENODATA']);

function requested(joined: Joined, context: Context): Finding {
  const { request } = joined;
  if (request) {
    const by = context.requester === undefined ? '' : ` on behalf of ${context.requester}`;
    return done(`the kernel asked for ${request.name}${by}`, [request.seq], request.ns);
  }
  if (!context.facts.watched.has('module_request')) return unknown('requests of the kernel were not recorded here');
  if (joined.looksRequested) return unknown('the kernel started this program, but its request is not recorded');
  return notReached('not requested by the kernel: a program called by itself');
}

function called({ call }: Joined, who: string): Finding {
  const what =
    call.kind === 'init_module'
      ? 'init_module with an image in memory'
      : `finit_module ${call.filePath === undefined ? 'without a readable file' : `on ${call.filePath}`}`;
  return done(`${who} called ${what}${call.repeat > 1 ? `, ${String(call.repeat)} times` : ''}`, [call.seq], call.ns);
}

function bytesRead(joined: Joined, context: Context): Finding {
  const { call, image, load, sharedWith, loss } = joined;
  if (image) {
    const source = call.kind === 'init_module' ? "the caller's memory" : 'the file';
    return done(`the kernel read ${bytes(image.size)} from ${source}`, [image.seq], image.ns);
  }
  if (sharedWith) {
    return notReached(`call ${String(sharedWith.callId)}, on the same file at the same moment, did the reading`);
  }
  if (load) return unknown('the bytes were read, but the moment is not recorded');
  if (call.returned === undefined) return unknown(unreturned(joined, context));
  const error = errorOf(call);
  if (error === 'ENOSYS') return failed(`nothing was read: ${reason(joined, context)}`, [call.seq], returnNs(joined));
  if (!context.imagesWatched) return unknown('reading was not watched on this kernel');
  if (loss) return unknown('records were lost while the call ran', [loss.seq]);
  if (error === undefined)
    return contradicted('the call returned success, but the kernel read nothing in it', [call.seq]);
  if (call.kind === 'finit_module' && AFTER_READING.has(error)) {
    return unknown('not read in this call: another one on the same file may have done it', [call.seq]);
  }
  return failed(`refused before anything was read: ${reason(joined, context)}`, [call.seq], returnNs(joined));
}

function accepted(joined: Joined, context: Context): Finding {
  const { call, image, load, sharedWith, loss } = joined;
  if (load) {
    const where = sharedWith ? `, in call ${String(sharedWith.callId)}` : '';
    const taints = context.taints.length > 0 ? `, marked ${context.taints.join(', ')}` : '';
    return done(`the kernel accepted it as ${load.name}${taints}${where}`, [load.seq], load.ns);
  }
  if (call.returned === undefined) return unknown(unreturned(joined, context));
  const error = errorOf(call);
  if (error !== undefined) {
    const early = !image && !loss && !AFTER_READING.has(error) && (context.imagesWatched || error === 'ENOSYS');
    if (early) return notReached('nothing was read that could be checked');
    return failed(`rejected: ${reason(joined, context)}`, [call.seq], returnNs(joined));
  }
  if (!context.facts.watched.has('module_load')) return unknown("the kernel's own word was not recorded here");
  if (loss) return unknown('records were lost while the call ran', [loss.seq]);
  return contradicted('the call returned success, but the kernel loaded no module in it', [call.seq]);
}

function initRan(joined: Joined, context: Context): Finding {
  const { call, load, life, free, sharedWith } = joined;
  const end = returnNs(joined);
  if (call.returned === undefined) {
    if (!load) return unknown(unreturned(joined, context));
    if (free) return failed('init ran and failed: the kernel freed the module in the same call', [free.seq], free.ns);
    const removal = life && removalOf(life);
    if (removal) return done('init ran: another call removed the module later', [removal.seq]);
    return unknown(`init was started; ${unreturned(joined, context)}`, [load.seq]);
  }
  const error = errorOf(call);
  const evidence = sharedWith ? [sharedWith.seq, call.seq] : [call.seq];
  const where = sharedWith ? `, in call ${String(sharedWith.callId)}` : '';
  if (load && error !== undefined) {
    return failed(`init ran and failed with ${error}${where}: the code did execute`, evidence, end);
  }
  if (load) {
    const time = sharedWith || end === undefined ? '' : ` for ${duration(end - load.ns)}`;
    return done(`init ran${time} and succeeded${where}`, evidence, end);
  }
  return error === undefined ? unknown('no record says so') : notReached('no code of the module ran');
}

function live(joined: Joined, context: Context): Finding {
  const { call, load, life, free, sharedWith, disagreement } = joined;
  if (call.returned === undefined) {
    if (free) return notReached('the module did not become live');
    const removal = life && removalOf(life);
    if (removal) return done('it was live: another call removed it later', [removal.seq]);
    return unknown(unreturned(joined, context));
  }
  if (errorOf(call) !== undefined) {
    if (disagreement !== 'failure-but-loaded' || !load) return notReached('the module did not become live');
    return contradicted('the call failed, but the kernel did not free the module', [load.seq]);
  }
  if (load) {
    const where = sharedWith ? `, through call ${String(sharedWith.callId)}` : '';
    return done(`${load.name} is live${where}`, [call.seq, load.seq], returnNs(joined));
  }
  if (disagreement) return contradicted('nothing that the kernel recorded makes it live', [call.seq]);
  const list = context.facts.loadedAtStop;
  if (list && joined.moduleName !== undefined && list.names.has(joined.moduleName)) {
    return done(`/proc/modules listed ${joined.moduleName} when the recording ended`, [call.seq, list.seq]);
  }
  return unknown("the call returned success; the kernel's own word is not recorded", [call.seq]);
}

function stillLoaded(joined: Joined, context: Context): Finding {
  const { hidden, load, endLoss } = joined;
  if (hidden) return unknown('not freed, and not to be seen by everybody', [BigInt(hidden.lastSeq)]);
  if (!load || !context.facts.watched.has('module_free')) return unknown('no record says whether it was removed');
  const isListed = context.facts.loadedAtStop?.names.has(load.name) === true;
  if (endLoss && !isListed) return unknown('no removal is recorded, but records were lost since', [endLoss.seq]);
  return notReached(context.recording ? 'still loaded' : 'still loaded when the recording ended');
}

/** How a life ended whose end is known. */
function ended({ call }: Joined, life: Life, { removedBy }: Context): Finding {
  const removal = removalOf(life);
  if (!removal) {
    const successor = life.replacedBy ? [life.replacedBy.seq] : [];
    return done('its end is not recorded, but another module took its place in memory', successor);
  }
  const by = removedBy === undefined ? '' : `, by call ${String(removedBy)}`;
  const time = duration(removal.ns - call.ns);
  const what = life.free
    ? `removed after ${time}${by}`
    : `removed within ${time}${by}, though its free is not recorded`;
  return done(`${removal.name} was ${what}`, [removal.seq], removal.ns);
}

function unloaded(joined: Joined, context: Context): Finding {
  const { call, life, free } = joined;
  // A free in the call itself is a failed init and no end of a life.
  if (life && endOf(life) && !free && (call.returned === undefined || call.returned >= 0n)) {
    return ended(joined, life, context);
  }
  if (call.returned === undefined) return notReached('no removal is recorded');
  return joined.verdict === 'live' ? stillLoaded(joined, context) : notReached('there was nothing to unload');
}

export function loadStages(joined: Joined, context: Context): Stage[] {
  const { clock } = context;
  return [
    stage('requested', requested(joined, context), clock),
    stage('called', called(joined, caller(joined)), clock),
    stage('bytes read', bytesRead(joined, context), clock),
    stage('accepted', accepted(joined, context), clock),
    stage('init ran', initRan(joined, context), clock),
    stage('live', live(joined, context), clock),
    stage('unloaded', unloaded(joined, context), clock),
  ];
}
