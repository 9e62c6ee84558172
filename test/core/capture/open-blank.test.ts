/** A name may end in a blank: the file of that name is read, and not the one without it beside it. */
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';
import { folderState } from '../folder-state.ts';
import { RunningRecorder } from '../running-recorder.ts';

afterAll(removeFolders);

let recorder: RunningRecorder | undefined;
afterEach(() => recorder?.kill());

/** What JavaScript takes for the end of a text. */
const BLANKS = [' ', '   ', '\t', '\n', '\u00A0', '\uFEFF'];

/** A folder with a finished capture of five attempts, 'b.modtrail'. */
function besideAnother(): string {
  const folder = temporaryFolder();
  const built = new CaptureBuilder(undefined, join(folder, 'b.modtrail'));
  for (let call = 0; call < 5; call++) built.call({ returned: -1 });
  built.finish();
  return folder;
}

function attemptsOf(path: string): { attempts: number; completeness: string } {
  const capture = new OpenedCapture(path);
  const { attempts, completeness } = capture.info();
  capture.close();
  return { attempts, completeness };
}

test.each(BLANKS)('a finished capture whose name ends in %j', (blank) => {
  const folder = besideAnother();
  const other = new CaptureBuilder(undefined, join(folder, 'growing'));
  other.call({ returned: -1 });
  const path = join(folder, `b.modtrail${blank}`);
  renameSync(other.finish(), path);
  const before = folderState(folder);
  expect(attemptsOf(path)).toEqual({ attempts: 1, completeness: 'finished' });
  expect(attemptsOf(join(folder, 'b.modtrail'))).toEqual({ attempts: 5, completeness: 'finished' });
  expect(folderState(folder)).toEqual(before);
});

test('a capture that is being recorded, and what a killed recorder left', async () => {
  const folder = besideAnother();
  const path = join(folder, 'b.modtrail ');
  writeFileSync(path, '');
  // The stand-in for the recorder has the name from better-sqlite3 as well.
  recorder = await RunningRecorder.start(`${path}/.`);
  await recorder.say('call');
  expect(readdirSync(folder)).toContain('b.modtrail -wal');
  const capture = new OpenedCapture(path);
  expect(capture.info()).toMatchObject({ attempts: 1, completeness: 'recording' });
  await recorder.say('call');
  // A second look at the same file must not cost the first one its locks.
  expect(attemptsOf(path)).toEqual({ attempts: 2, completeness: 'recording' });
  await recorder.say('call');
  expect(capture.refresh()).toBe(true);
  expect(capture.info().attempts).toBe(3);
  capture.close();
  await recorder.kill();
  const before = folderState(folder);
  expect(attemptsOf(path)).toEqual({ attempts: 3, completeness: 'unfinished' });
  expect(folderState(folder)).toEqual(before);
});

test('where only the name without a blank is there, nothing is opened', () => {
  const path = join(besideAnother(), 'b.modtrail ');
  expect(() => new OpenedCapture(path)).toThrow('does not exist');
});
