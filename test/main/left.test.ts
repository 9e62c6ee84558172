import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { RecordingJournal } from '../../main/app/recorder/journal.ts';
import { LeftDesk } from '../../main/app/recorder/left-desk.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-left-'));
  path = join(folder, 'recordings.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The next run of the app; files stand as their names say. */
function run(): { journal: RecordingJournal; desk: LeftDesk } {
  const journal = new RecordingJournal(path);
  const standing = (file: string): Promise<Result<'finished' | 'unfinished' | 'recording'>> => {
    const [, word = ''] = /^.(.*)\.modtrail$/.exec(file) ?? [];
    if (word === 'gone') return Promise.resolve(fail('not-found', `${file} does not exist`));
    if (word === 'empty') return Promise.resolve(fail('empty-file', `${file} is empty`));
    return Promise.resolve(ok(word as 'finished'));
  };
  const open = (file: string): Promise<Result<OpenCapture>> =>
    Promise.resolve(file === '/empty.modtrail' ? fail('empty-file', 'empty') : ok({ id: 'c1' } as OpenCapture));
  return { journal, desk: new LeftDesk({ journal, rejoined: Promise.resolve(), standing, open }) };
}

const left = async (desk: LeftDesk) => {
  const found = await desk.leftRecordings();
  return found.ok ? found.value : [];
};

describe('recordings that were left', () => {
  test('are those that were begun and had no end when the app did, as their files stand now', async () => {
    const { journal } = run();
    journal.begin('/ended.modtrail', 'a')();
    for (const name of ['finished', 'unfinished', 'recording', 'empty', 'gone'])
      journal.begin(`/${name}.modtrail`, 'honeypot', undefined, new Date('2026-11-23T10:02:00Z'));
    const { desk } = run();
    expect((await left(desk)).map(({ stands, name }) => [name, stands])).toEqual([
      ['empty.modtrail', 'unreadable'],
      ['recording.modtrail', 'recording'],
      ['unfinished.modtrail', 'unfinished'],
      ['finished.modtrail', 'finished'],
    ]);
    expect((await left(desk))[2]).toMatchObject({
      ...{ folder: '/', host: 'honeypot', started: '2026-11-23T10:02:00.000Z' },
    });
  });

  test('are not those of this run', async () => {
    const { journal, desk } = run();
    journal.begin('/recording.modtrail', 'a');
    expect(await left(desk)).toEqual([]);
  });

  test('are offered until they are opened or not wanted, whatever is begun meanwhile', async () => {
    const first = run();
    for (const name of ['finished', 'unfinished', 'empty']) first.journal.begin(`/${name}.modtrail`, 'a');
    const { journal, desk } = run();
    const end = journal.begin('/new.modtrail', 'b');
    const [empty, unfinished, finished] = await left(desk);
    expect(await desk.openLeft(unfinished?.id ?? '')).toMatchObject({ ok: true });
    // What could not be opened is still offered.
    expect(await desk.openLeft(empty?.id ?? '')).toMatchObject({ ok: false });
    await desk.forgetLeft(finished?.id ?? '');
    end();
    expect((await left(run().desk)).map(({ name }) => name)).toEqual(['empty.modtrail']);
    expect(await desk.openLeft('no such')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  test.each(['', '{"recordings":[{"file":"not-absolute"}, 3]}', '[]'])(
    'are none in a file that holds %j',
    async (text) => {
      writeFileSync(path, text);
      expect(await left(run().desk)).toEqual([]);
    },
  );
});
