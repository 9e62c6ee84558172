/** A live session in words. */
import type { LeftRecording, RecordingState } from '#contract/recording.ts';
import { count, duration, plural, roundSize, size } from './numbers.ts';
import { dateTime, zoneName, type Zone } from './time.ts';

/** "57.0 s, 41 events (12/s), 900 calls (880 counted together), 3 images, 17,432 bytes, nothing lost" */
export function recordingWords(state: RecordingState): string {
  switch (state.state) {
    case 'starting':
      if (state.byHand) return 'waiting for a recorder that is started in a terminal';
      if (state.asks) return 'waiting for administrator rights';
      return state.stream ? 'waiting for the stream' : 'waiting for the recorder';
    case 'stopping':
      return 'finishing the file';
    case 'recording':
      return countWords(state);
    default:
      return '';
  }
}

/** A recorder elsewhere says once a second that it is there; milliseconds. */
const SILENCE = 3000;

function countWords(state: Extract<RecordingState, { state: 'recording' }>): string {
  const { calls, coalesced = 0, images = 0, keeps, lost, rate = 0, free, silent = 0 } = state;
  return [
    duration(Math.floor(state.seconds) * 1e9),
    `${plural(state.events, 'event')}${Number(rate) > 0 ? ` (${count(rate)}/s)` : ''}`,
    `${plural(calls, 'call')}${Number(coalesced) > 0 ? ` (${count(coalesced)} counted together)` : ''}`,
    Number(images) > 0 ? plural(images, 'image') : undefined,
    size(state.bytes),
    Number(lost) > 0 ? `${plural(lost, 'record')} lost` : 'nothing lost',
    free === undefined ? undefined : `${roundSize(free)} free`,
    keeps ? 'goes on without Modtrail' : undefined,
    silent < SILENCE ? undefined : `nothing heard for ${duration(Math.floor(silent / 1000) * 1e9)}`,
  ]
    .filter((words) => words !== undefined)
    .join(', ');
}

/** "The recording of honeypot-3, started 2026-11-23 10:02:00 UTC, has no end: …" */
export function leftWords({ host, name, reason, stands, started }: LeftRecording, zone: Zone): string {
  const at = BigInt(Date.parse(started)) * 1_000_000n;
  const when = `${dateTime(at, zone, 0)} ${zoneName(zone, at)}`;
  const one = `The recording of ${host}, started ${when},`;
  switch (stands) {
    case 'unfinished':
      return `${one} has no end: its recorder was stopped from outside. What it had written is in ${name}.`;
    case 'finished':
      return `${one} was left when the app ended; its recorder has finished ${name} since.`;
    case 'recording':
      return `${one} was left when the app ended; a recorder still writes to ${name}.`;
    case 'unreadable':
      return `${one} has no end, and what is there cannot be opened: ${reason ?? 'the reason is not known'}`;
  }
}
