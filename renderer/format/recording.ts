/** A live session in words. */
import type { RecordingState } from '#contract/recording.ts';
import { count, duration, plural, size } from './numbers.ts';

/** "57.0 s, 41 events (12/s), 900 calls (880 counted together), 3 images, 17,432 bytes, nothing lost" */
export function recordingWords(state: RecordingState): string {
  switch (state.state) {
    case 'starting':
      return 'waiting for the recorder';
    case 'stopping':
      return 'finishing the file';
    case 'recording':
      return countWords(state);
    default:
      return '';
  }
}

function countWords(state: Extract<RecordingState, { state: 'recording' }>): string {
  const { calls, coalesced = 0, images = 0, lost, rate = 0 } = state;
  return [
    duration(Math.floor(state.seconds) * 1e9),
    `${plural(state.events, 'event')}${Number(rate) > 0 ? ` (${count(rate)}/s)` : ''}`,
    `${plural(calls, 'call')}${Number(coalesced) > 0 ? ` (${count(coalesced)} counted together)` : ''}`,
    Number(images) > 0 ? plural(images, 'image') : undefined,
    size(state.bytes),
    Number(lost) > 0 ? `${plural(lost, 'record')} lost` : 'nothing lost',
  ]
    .filter((words) => words !== undefined)
    .join(', ');
}
