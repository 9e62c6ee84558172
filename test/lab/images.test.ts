/** The bytes of modules, from everywhere a kernel takes them from: in the capture they are what the kernel read. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { openCapture } from '#core/capture/open.ts';
import { keptImage, saveImage } from '#core/image/save-image.ts';
import { attemptsOf, eventsOf, extractFrom, imagesOf, infoOf } from '../native/modtrail.ts';
import { inGuest, type Outcome } from './guest.ts';
import { byLabel, linesIn } from './labels.ts';
import { linesOf, triesAll } from './lines.ts';

interface Given {
  readonly label: string;
  readonly sha256: string;
  readonly size: number;
}

describe.each(linesOf('6.1', '7.3'))('$line', ({ line, compressed, sharesLoads }) => {
  let outcome: Outcome;
  let given: Given[] = [];
  let calls = new Map<string, Event>();
  let attempts = new Map<string, Attempt>();
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-images-'));

  beforeAll(async () => {
    const settings = join(folder, 'images.env');
    writeFileSync(settings, `KEEPING=${triesAll(line) ? 'yes' : ''}\n`);
    outcome = await inGuest(line, 'images.sh', '', {
      disk: true,
      memoryMb: 4096,
      timeoutMs: 560_000,
      with: [settings],
    });
    given = linesIn<Given>(join(outcome.out, 'images.jsonl'));
    calls = byLabel(eventsOf(outcome.capture));
    attempts = byLabel(attemptsOf(outcome.capture));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  const labelled = (pattern: RegExp): Given[] => given.filter(({ label }) => pattern.test(label));
  const told = (event: Event | undefined): object | undefined =>
    event?.image && { sha256: event.image.sha256, size: event.image.size, complete: event.image.complete };
  const whole = ({ sha256, size }: Given): object => ({ sha256, size, complete: true });

  test('every image that the kernel read, with the hash of what it was given', () => {
    const own = labelled(/^(?!same-|small$|under$|large$)/);
    expect(own.length).toBeGreaterThan(35);
    expect(own.some(({ label }) => label === 'compressed')).toBe(compressed);
    expect(own.map(({ label }) => [label, told(calls.get(label))])).toEqual(own.map((one) => [one.label, whole(one)]));
  });

  test('one file at the same moment: one image for each time that it was read', () => {
    const same = labelled(/^same-/);
    const read = same.filter(({ label }) => calls.get(label)?.image);
    expect(read.map(({ label }) => told(calls.get(label)))).toEqual(read.map(whole));
    if (sharesLoads) expect(read.length).toBeGreaterThan(0);
    else expect(read.length).toBe(same.length);
    const contradicted = same.filter(({ label }) => (attempts.get(label)?.contradictions ?? []).length > 0);
    expect(contradicted).toEqual([]);
  });

  test('nothing was lost', () => {
    expect(infoOf(outcome.capture).losses).toMatchObject({ intervals: 0, lost: 0 });
  });

  test('each is kept once, and comes back bit for bit', () => {
    const rows = imagesOf(outcome.capture).filter((row) => row.complete);
    const hashes = rows.map((row) => row.sha256 ?? '');
    expect(new Set(hashes).size).toBe(rows.length);
    expect(hashes).toEqual(
      expect.arrayContaining([...new Set(labelled(/^(?!same-|large$)/).map((one) => one.sha256))]),
    );
    const base = given.find(({ label }) => label === 'ext4');
    expect(rows.find((row) => row.sha256 === base?.sha256)?.loads).toBeGreaterThan(2);
    const saved = join(dirname(outcome.out), 'saved');
    const largestFirst = rows.toSorted((a, b) => Number(b.size) - Number(a.size));
    // The command for the largest; what it calls for the others.
    const { database, close } = openCapture(outcome.capture);
    for (const [at, row] of largestFirst.entries()) {
      const sha256 = row.sha256 ?? '';
      if (at < 6) extractFrom(outcome.capture, sha256, saved);
      else saveImage(database, keptImage(database, sha256), saved, { replace: false });
      const bytes = readFileSync(saved);
      expect([createHash('sha256').update(bytes).digest('hex'), bytes.length]).toEqual([row.sha256, row.size]);
      rmSync(saved);
    }
    close();
  });

  test('what became of them', () => {
    const verdict = (label: string): string => {
      const attempt = attempts.get(label);
      return `${attempt?.module?.name ?? '?'} ${attempt?.verdict ?? '?'} ${attempt?.errno ?? ''}`.trim();
    };
    expect(['ext4', 'tmpfs', 'overlay', 'memfd', 'deleted', 'overwritten', 'memory'].map(verdict)).toEqual([
      'mt_base unloaded',
      'mt_params unloaded',
      'mt_noexit live',
      'mt_base unloaded',
      'mt_params unloaded',
      'mt_slow unloaded',
      'mt_params unloaded',
    ]);
    expect(['again', 'initfail'].map(verdict)).toEqual(['mt_params rejected EEXIST', 'mt_initfail init-failed ENODEV']);
    if (compressed) {
      expect(verdict('compressed')).toBe('dummy unloaded');
    } else {
      expect(verdict('module-64m')).toBe('mt_base unloaded');
      expect(attempts.get('junk-64m')).toMatchObject({ verdict: 'rejected', errno: 'ENOEXEC' });
    }
  });

  test('several at once: one becomes live, the others are told so', () => {
    const results = linesIn<{ text: string; return: number }>(join(outcome.out, 'together.jsonl'));
    expect(results.filter((result) => result.return === 0).length).toBe(1);
    for (const { text, return: returned } of results) {
      expect(calls.get(text.replace('label=', ''))?.returnValue).toBe(returned);
    }
  });

  if (!triesAll(line)) return;

  describe('recorders that keep less', () => {
    const expectIn = (name: string, states: Record<'small' | 'under' | 'large', object>): void => {
      const inIt = byLabel(eventsOf(join(outcome.out, `${name}.modtrail`)));
      for (const [which, image] of Object.entries(states)) {
        expect(inIt.get(`${name}-${which}`), `${name}-${which}`).toMatchObject({ image });
      }
    };
    const of = (which: string): { sha256: string; size: number } => {
      const one = given.find(({ label }) => label === which);
      return { sha256: one?.sha256 ?? '', size: one?.size ?? -1 };
    };
    const kept = (which: string): object => ({ ...of(which), complete: true, state: 'kept' });
    const skipped = (which: string): object => ({ ...of(which), complete: false, state: 'skipped' });

    test('--no-images: hashes only', () => {
      expectIn('none', { small: skipped('small'), under: skipped('under'), large: skipped('large') });
      expect(statSync(join(outcome.out, 'none.modtrail')).size).toBeLessThan(1_000_000);
    });

    test('--images-under: bytes of what lies there, hashes of the rest', () => {
      expectIn('only-under', { small: skipped('small'), under: kept('under'), large: skipped('large') });
    });

    test('--image-limit: hashes of what is longer', () => {
      expectIn('limited', { small: kept('small'), under: kept('under'), large: skipped('large') });
    });

    test('a buffer that is too small: incomplete, and no hash as if it were whole', () => {
      const file = join(outcome.out, 'narrow.modtrail');
      expectIn('narrow', {
        small: kept('small'),
        under: kept('under'),
        large: { size: of('large').size, complete: false, state: 'incomplete' },
      });
      const large = byLabel(eventsOf(file)).get('narrow-large');
      expect(large?.image?.sha256).toBeUndefined();
      expect(Number(large?.image?.received)).toBeLessThan(of('large').size);
    });
  });
});
