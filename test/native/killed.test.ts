/** What is on disk at any moment: late by 100 ms at most, and safe from a recorder that is killed. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { ROOT } from '../../scripts/places.ts';
import { Calling } from './calling.ts';
import { bootNs, Recorder, whyNotHere } from './collector.ts';
import { eventsOf, infoOf } from './modtrail.ts';

const reason = whyNotHere();

let work = '';
let caller = '';

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-native-'));
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test.each([90, 333, 610, 1020])(
    'killed after %i ms: all that is older than 250 ms is there, in a capture that opens',
    async (ms) => {
      const capture = join(work, `killed-${String(ms)}.modtrail`);
      const recorder = await new Recorder(['--out', capture, '--attach', 'raw']).ready();
      const calls = new Calling(caller, 3);
      await sleep(ms);
      const killedNs = bootNs();
      const end = await recorder.stop('SIGKILL');
      await calls.end();
      expect(end.signal).toBe('SIGKILL');
      expect(existsSync(`${capture}-wal`)).toBe(true);

      const info = infoOf(capture);
      expect(info.completeness).toBe('unfinished');
      expect(info.stopped).toBeUndefined();
      const recorded = new Set(
        eventsOf(capture).map((event) => event.args?.find(({ name }) => name === 'param_values')?.value),
      );
      const due = calls.said.filter((call) => call.ns < killedNs - 250e6);
      expect(due.filter((call) => !recorded.has(call.text))).toEqual([]);
      if (ms > 600) expect(due.length).toBeGreaterThan(20);
      expect(existsSync(`${capture}-wal`)).toBe(true); // reading took nothing away
    },
  );

  test('the file alone, without its log, still opens', async () => {
    const capture = join(work, 'killed-alone.modtrail');
    const recorder = await new Recorder(['--out', capture, '--attach', 'raw']).ready();
    await recorder.stop('SIGKILL');
    const alone = join(work, 'alone.modtrail');
    cpSync(capture, alone);
    expect(infoOf(alone).completeness).toBe('unfinished');
  });

  test('a record is committed 100 ms after it arrived', async () => {
    const capture = join(work, 'soon.modtrail');
    const recorder = await new Recorder(['--out', capture, '--attach', 'raw']).ready();
    const database = new Database(capture, { readonly: true });
    const select = database.prepare<[number], { seq: number; text: string }>(
      `SELECT event.seq AS seq, bytes AS text FROM event JOIN argument_text USING (seq)
       WHERE event.seq > ? AND kind = 'finit_module' ORDER BY event.seq`,
    );
    const seen = new Map<string, number>();
    const calls = new Calling(caller, 23, 40);
    let last = 0;
    for (let running = true; running;) {
      running = await Promise.race([calls.over.then(() => false), sleep(4).then(() => true)]);
      if (!running) await sleep(300);
      for (const { seq, text } of select.all(last)) {
        seen.set(text, bootNs());
        last = seq;
      }
    }
    database.close();
    await recorder.stop();
    const delays = calls.said.slice(0, 30).map((call) => ((seen.get(call.text) ?? Infinity) - call.ns) / 1e6);
    delays.sort((a, b) => a - b);
    // The boot clock that Node can read ticks every 10 ms; one look in four may be late where the machine is busy.
    expect(delays[Math.floor(delays.length * 0.75)]).toBeLessThan(110);
    expect(delays.at(-1)).toBeLessThan(1000);
  });
});
