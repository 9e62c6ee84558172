/** A live session in words. */
import type { RecordingState } from '#contract/recording.ts';
import { count, duration, plural, roundSize, size } from './numbers.ts';

/** "57.0 s, 41 events (12/s), 900 calls (880 counted together), 3 images, 17,432 bytes, nothing lost" */
export function recordingWords(state: RecordingState): string {
  switch (state.state) {
    case 'starting':
      if (state.byHand) return 'waiting for a recorder that is started in a terminal';
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
  const { calls, coalesced = 0, images = 0, lost, rate = 0, free, silent = 0 } = state;
  return [
    duration(Math.floor(state.seconds) * 1e9),
    `${plural(state.events, 'event')}${Number(rate) > 0 ? ` (${count(rate)}/s)` : ''}`,
    `${plural(calls, 'call')}${Number(coalesced) > 0 ? ` (${count(coalesced)} counted together)` : ''}`,
    Number(images) > 0 ? plural(images, 'image') : undefined,
    size(state.bytes),
    Number(lost) > 0 ? `${plural(lost, 'record')} lost` : 'nothing lost',
    free === undefined ? undefined : `${roundSize(free)} free`,
    silent < SILENCE ? undefined : `nothing heard for ${duration(Math.floor(silent / 1000) * 1e9)}`,
  ]
    .filter((words) => words !== undefined)
    .join(', ');
}
