import { expect, test } from 'vitest';
import type { RecordingState } from '#contract/recording.ts';
import { type Failure } from '#contract/result.ts';
import { NoticeBoard } from '../../main/app/notices.ts';
import { greet } from '../../main/app/recorder/greeting.ts';

function board(): { notices: NoticeBoard; sent: unknown[][] } {
  const sent: unknown[][] = [];
  return { notices: new NoticeBoard((name, payload) => sent.push([name, payload])), sent };
}

const problem = (message: string): Failure => ({ code: 'not-found', message });

test('a notice waits until the page listens to its kind', () => {
  const { notices, sent } = board();
  notices.tell('problem', problem('a'));
  notices.tell('command', 'open');
  notices.tell('problem', problem('b'));
  expect(sent).toEqual([]);
  notices.listen('problem');
  expect(sent).toEqual([
    ['problem', problem('a')],
    ['problem', problem('b')],
  ]);
  notices.tell('problem', problem('c'));
  expect(sent).toHaveLength(3);
});

test('is told once, however often the page says that it listens', () => {
  const { notices, sent } = board();
  notices.tell('command', 'find');
  notices.listen('command');
  notices.listen('command');
  expect(sent).toEqual([['command', 'find']]);
});

test('a new page gets problems that it has not seen, and no old commands', () => {
  const { notices, sent } = board();
  notices.listen('command');
  notices.forget();
  notices.tell('command', 'open');
  notices.tell('problem', problem('a'));
  notices.forget();
  notices.listen('command');
  notices.listen('problem');
  expect(sent).toEqual([['problem', problem('a')]]);
});

test('does not pile up without end', () => {
  const { notices, sent } = board();
  for (let count = 0; count < 1000; count += 1) notices.tell('problem', problem(String(count)));
  notices.listen('problem');
  expect(sent).toHaveLength(100);
  expect(sent.at(-1)).toEqual(['problem', problem('999')]);
});

test('a page that takes the place of another is told how a recording failed, one of a new window is not', () => {
  const { notices, sent } = board();
  const state: RecordingState = { state: 'failed', error: problem('the disk is full') };
  greet(notices, { running: false, state }, true);
  notices.listen('recording');
  expect(sent).toEqual([]);
  greet(notices, { running: false, state }, false);
  notices.listen('recording');
  expect(sent).toEqual([['recording', state]]);
});

test('each page is told of a recording that goes on, and none of what has ended in order', () => {
  const { notices, sent } = board();
  greet(notices, { running: false, state: { state: 'idle' } }, false);
  const state: RecordingState = { state: 'stopping', file: 'a.modtrail' };
  greet(notices, { running: true, state }, true);
  notices.listen('recording');
  expect(sent).toEqual([['recording', state]]);
});
