/** Repeated calls, losses, views, the seal and a live session in words. */
import { describe, expect, test } from 'vitest';
import type { RecordingState } from '#contract/recording.ts';
import { lossWords } from '../../../renderer/format/losses.ts';
import { recordingWords } from '../../../renderer/format/recording.ts';
import { repeatWords, timesWords } from '../../../renderer/format/repeats.ts';
import { partOf, progressWords, sealWords, wrongRowWords } from '../../../renderer/format/seal.ts';
import { viewWords } from '../../../renderer/format/views.ts';

describe('repeated calls', () => {
  const call = {
    repeat: 5001,
    firstNs: 7_000_000_000,
    lastNs: 9_500_000_000,
  };

  test('how many, in which time, how many a second', () => {
    expect(repeatWords(call)).toEqual({ count: '5,001', length: '2.50 s', rate: '2,000 calls a second' });
    expect(timesWords(call)).toBe('×5,001 in 2.50 s');
  });

  test('a single call is not repeated', () => {
    expect(timesWords({ repeat: 1 })).toBe('');
  });

  test('moments that are not recorded give no length', () => {
    expect(timesWords({ repeat: 3 })).toBe('×3');
    expect(repeatWords({ ...call, lastNs: call.firstNs })).toEqual({ count: '5,001', length: '0 ns' });
  });
});

test('a loss by its source, also one of a later recorder', () => {
  expect(lossWords('ring-image')).toBe('parts of images, because their buffer was full');
  expect(lossWords('other')).toBe('other');
});

test('views', () => {
  expect(viewWords(['proc_modules'])).toBe('/proc/modules');
  expect(viewWords(['proc_modules', 'sysfs', 'kallsyms'])).toBe('/proc/modules, /sys/module and /proc/kallsyms');
  expect(viewWords([])).toBe('');
});

describe('the seal', () => {
  test('whether there is one', () => {
    expect(sealWords({ state: 'none', commits: 0, signed: false })).toBe('this capture carries none');
    expect(sealWords({ state: 'present', commits: 1234, signed: true })).toBe('present, 1,234 commits, signed');
    expect(sealWords({ state: 'present', commits: 1, signed: false })).toBe('present, 1 commit');
  });

  test.each([
    [{ table: 'event', key: 17, what: 'changed' }, 'row 17 of table event was changed'],
    [{ table: 'file', key: 2, what: 'missing' }, 'row 2 of table file is missing'],
    [{ table: 'seal_part', key: 3, what: 'seal' }, 'row 3 of table seal_part does not fit'],
  ] as const)('%j', (row, words) => {
    expect(wrongRowWords(row)).toBe(words);
  });

  test('how far a walk has come', () => {
    expect(progressWords({ rows: 0, allRows: 0, seconds: 0 })).toBe('opening the file');
    expect(progressWords({ rows: 25_000, allRows: 100_000, seconds: 0.5 })).toBe(
      '25,000 of 100,000 rows, 50,000 rows/s, 2.00 s left',
    );
    expect(progressWords({ rows: 100_000, allRows: 100_000, seconds: 2 })).toMatch(/nearly done$/);
    expect(partOf({ rows: 1, allRows: 0, seconds: 0 })).toBeUndefined();
    expect(partOf({ rows: 3, allRows: 2, seconds: 1 })).toBe(1);
  });
});

describe('a live session', () => {
  const live: RecordingState = {
    ...{ state: 'recording', file: 'x', capture: 'c1', seconds: 57.3 },
    ...{ events: 41, calls: 9, bytes: 17_432, lost: 0 },
  };

  test('tells counts, rate and what was lost', () => {
    expect(recordingWords(live)).toBe('57.0 s, 41 events, 9 calls, 17,432 bytes, nothing lost');
    expect(recordingWords({ ...live, rate: 1200, coalesced: '12345678901234567890', images: 1, lost: 2 })).toBe(
      '57.0 s, 41 events (1,200/s), 9 calls (12,345,678,901,234,567,890 counted together), 1 image, 17,432 bytes, 2 records lost',
    );
  });

  test('says nothing where there is none', () => {
    expect(recordingWords({ ...live, free: 5 * 2 ** 30, silent: 4200 })).toBe(
      '57.0 s, 41 events, 9 calls, 17,432 bytes, nothing lost, 5.0 GiB free, nothing heard for 4.00 s',
    );
    expect(recordingWords({ ...live, silent: 900 })).not.toContain('heard');
    expect(recordingWords({ state: 'starting', file: 'x', stream: true })).toBe('waiting for the stream');
    expect(recordingWords({ state: 'idle' })).toBe('');
    expect(recordingWords({ state: 'stopping', file: 'x' })).toBe('finishing the file');
  });
});
