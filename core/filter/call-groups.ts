/** Calls by the image that was read in them, as the index of calls has their events: those of one call stand side by side. */
import type { Entries } from '../capture/index-entries.ts';
import type { IdSet } from './members.ts';

/** What is looked for. */
export interface Readings {
  /** Numbers of the readings that pass. */
  readonly chosen: IdSet;
  /** Numbers of all readings. */
  readonly all: IdSet;
}

export interface Takers {
  /** Takes an event of a call whose only reading passes. */
  row(seq: number): void;
  /** Takes a call that has such a reading, and of which more may stand elsewhere, or in which several were read. */
  unclear(callId: number): void;
}

/**
 * The events of calls that stand on one page.
 * @param entries of calls' numbers
 * @returns false where they are not in order: then not all were taken
 */
export function takeCalls(
  { size, columns: [calls, seqs] }: Entries,
  { chosen, all }: Readings,
  { row, unclear }: Takers,
): boolean {
  for (let from = 0; from < size;) {
    const call = calls?.[from] ?? NaN;
    let [passing, read, end] = [0, 0, from];
    for (; end < size && calls?.[end] === call; end++) {
      const seq = seqs?.[end] ?? NaN;
      if (!all.hasNumber(seq)) continue;
      read++;
      if (chosen.hasNumber(seq)) passing++;
    }
    // What follows has a higher number: otherwise a call's events may stand anywhere.
    if (end === from || (end < size && !((calls?.[end] ?? NaN) > call))) return false;
    if (passing > 0 && (read > 1 || from === 0 || end === size)) unclear(call);
    else if (passing > 0) for (let at = from; at < end; at++) row(seqs?.[at] ?? NaN);
    from = end;
  }
  return true;
}

/** The same of entries that stand between pages: what else there is of their calls stands on these. */
export function takeBetween(
  { size, columns: [calls, seqs] }: Entries,
  { chosen, all }: Readings,
  unclear: Takers['unclear'],
): void {
  for (let at = 0; at < size; at++) {
    const seq = seqs?.[at] ?? NaN;
    if (all.hasNumber(seq) && chosen.hasNumber(seq)) unclear(calls?.[at] ?? NaN);
  }
}
