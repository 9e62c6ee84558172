/** What a page that starts is told of the recording: it knows nothing yet. */
import type { NoticeBoard } from '../notices.ts';
import type { Recording } from './recording.ts';

/** @param isFirst whether the window had no page before: what has failed by then was told elsewhere */
export function greet(notices: NoticeBoard, recording: Pick<Recording, 'running' | 'state'>, isFirst: boolean): void {
  notices.forget();
  const { running, state } = recording;
  if (running || (state.state === 'failed' && !isFirst)) notices.tell('recording', state);
}
