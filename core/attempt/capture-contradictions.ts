/**
 * Contradictions that belong to no attempt: a module that was loaded or freed without a call that does so. Only system
 * calls load modules, and only delete_module and a load that fails free them (kernel/module/main.c, free_module).
 */
import type { CaptureContradiction } from '#contract/capture-info.ts';
import { toWide } from '#contract/wide.ts';
import { integerOrNone, type Row } from '../capture/columns.ts';
import { RETURNED } from '../capture/events.ts';
import type { Capture } from '../capture/open.ts';
import { IS_CALL } from './calls.ts';
import type { Facts, ModuleChange, Watched } from './facts.ts';
import { lossesOfCalls } from './losses.ts';

/** So near to a loss, or to the recording's beginning, the call may be there and not be recorded. */
const NEAR_NS = 10_000_000_000n;

/** More are not listed: what made so many is one thing. */
const MOST = 1000;

/** Without hooks on calls, a load without one says nothing. */
function watchesCalls(watched: Watched): boolean {
  return watched.has('calls') || ['finit_module', 'init_module', 'delete_module'].every((kind) => watched.has(kind));
}

const CALL = `SELECT event.kind, ${RETURNED} AS returned FROM event WHERE event.call_id = ? AND event.${IS_CALL} LIMIT 1`;

function objection(
  { loads, name }: ModuleChange,
  call: Row | undefined,
): Omit<CaptureContradiction, 'module' | 'time' | 'ns' | 'evidence'> | undefined {
  if (loads) {
    if (call) return undefined;
    const text = `The kernel loaded ${name}, but no call is recorded that did it: code in the kernel may have, or the hooks were evaded.`;
    return { code: 'load-without-call', text };
  }
  const returned = call && integerOrNone(call, 'returned');
  if (call && (call['kind'] === 'delete_module' || returned === undefined || returned < 0n)) return undefined;
  const text = `The kernel freed ${name}, but no delete_module and no load that failed is recorded that did it.`;
  return { code: 'free-without-delete', text };
}

/**
 * Of the changes that no call accounts for, as far as calls were read.
 * @param startedNs boot time at which the recording began: calls that began before are not recorded
 */
export function captureContradictions(capture: Capture, facts: Facts, startedNs: bigint): CaptureContradiction[] {
  if (!watchesCalls(facts.watched)) return [];
  const losses = lossesOfCalls(facts.losses);
  const calls = capture.database.prepare<[number], Row>(CALL);
  const found: CaptureContradiction[] = [];
  for (let at = 0; at < facts.modules.size && found.length < MOST; at++) {
    const change = facts.modules.isAccounted(at) ? undefined : facts.modules.at(at);
    if (!change) continue;
    const { seq, ns, name, callId } = change;
    const unproven = ns < startedNs + NEAR_NS || losses.within(ns - NEAR_NS, ns + NEAR_NS) !== undefined;
    if (callId === undefined && unproven) continue;
    const said = objection(change, callId === undefined ? undefined : calls.get(callId));
    if (!said || unproven) continue;
    found.push({ ...said, module: name, time: capture.clock.time(ns), ns: toWide(ns), evidence: [Number(seq)] });
  }
  return found;
}
