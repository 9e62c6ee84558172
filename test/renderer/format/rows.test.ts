/** Cells of the two tables: attempts, events, processes, verdicts. */
import { core, openSample } from '../page.ts';
import { LOAD_STAGES, UNLOAD_STAGES, VERDICTS, type Attempt } from '#contract/attempt.ts';
import { EVENT_KINDS, type Argument, type Event } from '#contract/event.ts';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, originOf, returnedOf, startedBy } from '../../../renderer/format/attempts.ts';
import { returnedOf as returnedOfEvent, subjectOf, valueText } from '../../../renderer/format/events.ts';
import { commandLine } from '../../../renderer/format/processes.ts';
import {
  SHAPE_PATHS,
  STAGE_LOOKS,
  STAGE_WORDS,
  VERDICT_LOOKS,
  type VerdictLook,
} from '../../../renderer/format/verdicts.ts';

const ALL = { descending: false, start: 0, limit: 1000 } as const;

function attempts(): readonly Attempt[] {
  const page = core.attempts(openSample().id, { ...ALL, sort: 'time' });
  if (!page.ok) throw new Error(page.error.message);
  return page.value.rows;
}

function events(): readonly Event[] {
  const page = core.events(openSample().id, { ...ALL, sort: 'seq' });
  if (!page.ok) throw new Error(page.error.message);
  return page.value.rows;
}

describe('an attempt', () => {
  const bare: Attempt = {
    ...{ callId: 1, seq: 1, time: '', ns: 0, kind: 'finit_module', operation: 'load', verdict: 'live', summary: '' },
    ...{ stages: [], args: [], contradictions: [], repeat: 1 },
  };

  test('names where its bytes came from', () => {
    const file = { path: '/tmp/x.ko', pathState: 'whole' } as const;
    expect(originOf({ ...bare, file })).toBe('/tmp/x.ko');
    expect(originOf({ ...bare, file: { ...file, deleted: true } })).toBe('/tmp/x.ko (deleted)');
    expect(originOf({ ...bare, file: { pathState: 'unreadable' } })).toBe('path not readable');
    expect(originOf(bare)).toBe('no file');
    expect(originOf({ ...bare, kind: 'init_module' })).toBe('memory');
    expect(originOf({ ...bare, kind: 'delete_module', operation: 'unload', file })).toBe('');
  });

  test('returned an error by its name, a value, or nothing', () => {
    expect(returnedOf({ errno: 'EPERM', returnValue: -1 })).toBe('EPERM');
    expect(returnedOf({ returnValue: 0 })).toBe('0');
    expect(returnedOf({ returnValue: '9223372036854775807' })).toBe('9223372036854775807');
    expect(returnedOf({})).toBe('not returned');
  });

  test('was started by a user and up to three parents', () => {
    const process = { pid: 9, startNs: 1, comm: 'insmod', ancestors: [] };
    const parents = ['sh', 'sudo', 'bash', 'sshd'].map((comm, index) => ({ pid: index, comm, startNs: 1 }));
    expect(startedBy({ ...bare, process: { ...process, uid: 0, ancestors: parents } })).toBe('root ← sh ← sudo ← bash');
    expect(startedBy({ ...bare, process: { ...process, uid: 1000 } })).toBe('uid 1000');
    expect(startedBy({ ...bare, process })).toBe('uid ?');
    expect(startedBy(bare)).toBe('');
    expect(nameOf(process)).toBe('insmod (9)');
  });

  test('of the sample fills its cells', () => {
    for (const attempt of attempts()) {
      expect(startedBy(attempt)).not.toBe('');
      expect(originOf(attempt) === '').toBe(attempt.operation === 'unload');
      expect(returnedOf(attempt) === 'not returned').toBe(attempt.returnValue === undefined);
    }
  });
});

describe('an argument', () => {
  const argument: Argument = { name: 'flags', type: 'int', origin: 'K', toctou: false, optional: false };

  test.each<[Partial<Argument>, string]>([
    [{ value: 3, text: 'A|B' }, 'A|B'],
    [{ value: 3 }, '3'],
    [{ value: '18446744073709551615' }, '18446744073709551615'],
    [{}, '(not recorded)'],
    [{ name: 'fd', value: 3, text: '/x.ko' }, '3 → /x.ko'],
    [{ name: 'fd', value: -1 }, '-1'],
    [{ value: 'debug=1', text: 'debug=1', state: 'whole' }, '"debug=1"'],
    [{ value: '', text: '', state: 'whole' }, '""'],
    [{ value: 'aaa', text: 'aaa', state: 'cut' }, '"aaa"…'],
    [{ state: 'unreadable' }, '(not readable)'],
    [{ state: 'null', value: null }, 'NULL'],
  ])('%o reads %s', (given, words) => {
    expect(valueText({ ...argument, ...given })).toBe(words);
  });
});

describe('an event', () => {
  const bare: Event = { seq: 1, time: '', ns: 0, kind: 'loss', repeat: 1 };

  test('of every kind in the sample says what it is about', () => {
    // The start's own details are the capture's, and stand on its page.
    for (const event of events().filter(({ kind }) => kind !== 'capture_start')) {
      expect(subjectOf(event), `event ${String(event.seq)}`).not.toBe('');
    }
    expect(new Set(events().map(({ kind }) => kind)).size).toBeGreaterThan(EVENT_KINDS.length - 3);
  });

  test('that tells of a loss, of the clock, of a snapshot reads like a sentence', () => {
    expect(subjectOf({ ...bare, lost: 1 })).toBe('1 record lost (source not recorded)');
    expect(subjectOf({ ...bare, lost: 1200, lossSource: 'ring-return' })).toBe(
      '1,200 records lost (returns, because the buffer was full)',
    );
    expect(subjectOf({ ...bare, clock: { wall: 'W', uncertaintyNs: 1 } })).toBe('wall clock W');
    const views = [
      { view: 'proc_modules', pass: 1, state: 'whole', modules: 40 },
      { view: 'sysfs', pass: 1, state: 'whole', modules: 41 },
      { view: 'proc_modules', pass: 2, state: 'whole', modules: 40 },
      { view: 'kernel_tree', pass: 1, state: 'unavailable' },
    ] as const;
    expect(subjectOf({ ...bare, snapshot: { reason: 'start', views } })).toBe(
      'at start: 40 in /proc/modules, 41 in /sys/module',
    );
    expect(subjectOf({ ...bare, snapshot: { reason: 'stop', views: [] } })).toBe('at stop: no view available');
    expect(subjectOf({ ...bare, request: { name: 'fs-ext4' } })).toBe('fs-ext4');
    expect(subjectOf(bare)).toBe('');
  });

  test('is about its arguments where it is a call, also one that an image is known of', () => {
    const image = { size: 5000, received: 5000, complete: true, state: 'kept' } as const;
    const flags: Argument = { name: 'flags', type: 'int', origin: 'K', toctou: false, optional: false, value: 0 };
    expect(subjectOf({ ...bare, kind: 'finit_module', args: [flags], image })).toBe('flags=0');
    expect(subjectOf({ ...bare, kind: 'image_read', image })).toBe('5,000 bytes');
  });

  test('returns something only where it is a call', () => {
    for (const event of events()) {
      expect(returnedOfEvent(event) !== '').toBe(/^(finit|init|delete)_module$/.test(event.kind));
    }
  });
});

describe('a command line', () => {
  test('quotes what a shell would take apart', () => {
    expect(commandLine(['insmod', '/lib/x.ko', 'name=a b', "it's", ''])).toBe(
      "insmod /lib/x.ko 'name=a b' 'it'\\''s' ''",
    );
  });

  test('is taken apart by a shell into the same arguments', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab\'" \\$`;&|<>*?~!#=/é\n\t-'), maxLength: 12 });
    const vectors = fc.sample(fc.array(word, { minLength: 1, maxLength: 6 }), 200);
    const script = vectors.map((argv) => `printf '%s\\0' ${commandLine(argv)}; printf '\\1\\0'`).join('\n');
    const { stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    const read = stdout.split('\u0001\0').slice(0, -1);
    expect(read.map((words) => words.split('\0').slice(0, -1))).toEqual(vectors);
  });
});

describe('verdicts and stages', () => {
  const looks = (all: Readonly<Record<string, VerdictLook>>): [string, VerdictLook][] => Object.entries(all);

  test('all have a word, a shape that can be drawn, and a colour', () => {
    expect(Object.keys(VERDICT_LOOKS).sort()).toEqual([...VERDICTS].sort());
    for (const [name, look] of [...looks(VERDICT_LOOKS), ...looks(STAGE_LOOKS)]) {
      expect(look.word, name).not.toBe('');
      const { fill, stroke } = SHAPE_PATHS[look.shape];
      expect(fill ?? stroke, name).toMatch(/^M/);
      expect(look.color).toMatch(/^--[a-z-]+$/);
    }
    expect(Object.keys(STAGE_WORDS).sort()).toEqual([...new Set([...LOAD_STAGES, ...UNLOAD_STAGES])].sort());
  });

  test('that differ in colour differ in shape or in word, too', () => {
    for (const all of [looks(VERDICT_LOOKS), looks(STAGE_LOOKS)]) {
      const signs = all.map(([, { shape, word }]) => `${shape} ${word}`);
      expect(new Set(signs).size).toBe(all.length);
      for (const [, one] of all)
        for (const [, other] of all) if (one.color !== other.color) expect(one.shape).not.toBe(other.shape);
    }
  });
});
