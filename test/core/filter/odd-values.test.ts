/** Filters on values that hardly any capture has: texts with a NUL in them, bits without a name, numbers without a sign. */
import { afterAll, describe, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { Filters } from '#core/filter/filters.ts';
import { operatorsOf } from '#core/filter/operators.ts';
import type { Condition } from '#core/survey/order-build.ts';
import { HeldTexts } from '#core/texts/held-texts.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';
import { buildOddCapture } from './odd-capture.ts';

const captures: Capture[] = [];

afterAll(() => {
  for (const capture of captures) capture.close();
  removeFolders();
});

interface Opened {
  readonly filters: Filters;
  /** The events that a filter keeps, whether all are looked at or few, and whether texts are held in memory or not. */
  kept(filter: string): number[];
}

function opened(path: string): Opened {
  const capture = openCapture(path);
  captures.push(capture);
  const attempts = new Attempts(capture, new EventReader(capture));
  attempts.survey.step(Infinity);
  const filters = new Filters(capture, attempts);
  const texts = new HeldTexts(capture.database, attempts.survey);
  while (!texts.step(0, false));
  const stepwise = (filter: string): Condition => {
    const making = filters.stepwise(filter, 'events').find();
    for (;;) {
      const { done, value } = making.next();
      if (done === true) return value;
    }
  };
  const keptBy = (filter: string, by: 'set' | 'row' | 'stepwise'): number[] => {
    filters.texts = by === 'stepwise' ? texts : undefined;
    const { where, params } = by === 'stepwise' ? stepwise(filter) : filters.where(filter, 'events', by);
    return capture.database
      .prepare<unknown[], bigint>(`SELECT event.seq FROM event WHERE event.seq > 0 AND (${where}) ORDER BY event.seq`)
      .pluck()
      .all(...params)
      .map(Number);
  };
  return {
    filters,
    kept: (filter) => {
      const found = keptBy(filter, 'set');
      expect(keptBy(filter, 'row'), filter).toEqual(found);
      expect(keptBy(filter, 'stepwise'), filter).toEqual(found);
      return found;
    },
  };
}

describe('a NUL in a text is a character like any other', () => {
  const capture = new CaptureBuilder();
  const [plain, cut] = [capture.process({ comm: 'be' }), capture.process({ comm: 'be\0Fore', cgroup: '/a\0b' })];
  capture.call({ process: plain, returned: 0, text: 'a=1' });
  capture.call({ process: cut, returned: 0, text: 'b=2\0c=3' });
  const { kept } = opened(capture.finish());

  test.each([
    ['process.comm contains "\\u{0}"', [2]],
    ['process.comm contains "be\\u{0}zz"', []],
    ['process.comm contains "E\\u{0}f"', [2]],
    ['process.comm contains fore', [2]],
    ['process.comm contains be', [1, 2]],
    ['process.comm contains ""', [1, 2]],
    ['param_values contains "C=3"', [2]],
    ['param_values contains "2\\u{0}c"', [2]],
    ['"\\u{0}"', [2]],
    ['"be\\u{0}zz"', []],
    ['fore', [2]],
    ['process.cgroup contains "a\\u{0}B"', [2]],
  ])('%s', (filter, wanted) => {
    expect(kept(filter)).toEqual(wanted);
  });
});

test('where no text has a NUL, none is kept for it', () => {
  const capture = new CaptureBuilder();
  for (const comm of ['insmod', 'modprobe']) {
    capture.call({ process: capture.process({ comm, cgroup: `/${comm}` }), returned: 0, text: `${comm}=1` });
  }
  const { kept } = opened(capture.finish());
  for (const field of ['process.comm', 'process.cgroup', 'param_values']) {
    expect(kept(`${field} contains "\\u{0}"`), field).toEqual([]);
    expect(kept(`${field} contains INSMOD`), field).toEqual([1]);
  }
  expect(kept('"\\u{0}"')).toEqual([]);
});

describe('arguments are looked through as they are shown: with blanks between, and escapes', () => {
  const capture = new CaptureBuilder();
  const started = (argv: Buffer): void => {
    capture.call({ process: capture.process({ comm: 'sh', argv }), returned: 0 });
  };
  started(Buffer.from('insmod\0/tmp/Evil.ko\0'));
  started(Buffer.concat([Buffer.from('x'), Buffer.from([0xb5]), Buffer.from('ins\0-v')]));
  started(Buffer.from('sh\0-c\0go'));
  started(Buffer.concat([Buffer.from('m'), Buffer.from([0xfd]), Buffer.from('ocker')]));
  started(Buffer.from('Docker\0e1000e\0xe1000'));
  const { kept } = opened(capture.finish());

  test.each([
    ['insmod', [1]],
    ['/TMP/eV', [1]],
    ['insmod /tmp', [1]],
    ['ins', [1, 2]],
    ['xb5', [2]],
    ['b5ins', [2]],
    ['5', [2]],
    ['b5', [2]],
    ['\\\\xb5', [2]],
    ['ins -v', [2]],
    ['-v', [2]],
    ['go', [3]],
    ['sh -c', [3]],
    ['h', [3]],
    ['docker', [4, 5]],
    ['fdock', [4]],
    ['xfdo', [4]],
    ['xfd', [4]],
    ['d', [1, 4, 5]],
    ['DOCK', [4, 5]],
    ['e1000', [5]],
    ['xe1000', [5]],
    ['x', [2, 4, 5]],
    ['xf', [4]],
    ['xb', [2]],
    ['f', [4]],
    ['\\u{0}', []],
  ])('%s', (part, wanted) => {
    expect(kept(`process.argv contains "${part}"`)).toEqual(wanted);
  });
});

test('readings that are written alike and are not the same are told as changed', () => {
  const capture = new CaptureBuilder();
  const [byte, text] = [Buffer.from([0x61, 0x3d, 0xff]), 'a=\\xff'];
  capture.call({ returned: 0, text, textInKernel: byte });
  capture.call({ returned: 0, text: byte, textAtReturn: text });
  capture.call({ returned: 0, text: byte, textInKernel: byte, textAtReturn: byte });
  capture.call({ returned: 0, text, textInKernel: text });
  capture.call({ returned: 0, text: 'a=1', textInKernel: Buffer.from('a=1') });
  capture.call({ returned: 0, textInKernel: 'a', textAtReturn: 'b' });
  capture.call({ returned: 0, text: 'a', textInKernel: 'b' });
  capture.call({ returned: 0, text: 'a' });
  expect(opened(capture.finish()).kept('contradiction == parameters-changed')).toEqual([1, 2, 6, 7]);
});

const odd = opened(buildOddCapture());

test('a hash that is not there is no empty text', () => {
  const hashed = odd.kept('has image.sha256');
  expect(hashed.length).toBeGreaterThan(0);
  expect(odd.kept('has image.size').length).toBeGreaterThan(hashed.length);
  for (const filter of ['contains ""', '~ ".*"', '~ ""']) expect(odd.kept(`image.sha256 ${filter}`)).toEqual(hashed);
  expect(odd.kept('image.sha256 ~ "^$"')).toEqual([]);
});

test('flags are the same with a sign and without', () => {
  const all = odd.kept('flags == 0xffffffff');
  expect(all).toHaveLength(1);
  for (const filter of ['== -1', 'in { -1 }', 'contains -1', 'contains 0xffffffff']) {
    expect(odd.kept(`flags ${filter}`), filter).toEqual(all);
  }
});

test('a taint without a name is found by what it is shown as', () => {
  const one = odd.kept('module.name == nobodys');
  expect(one).toHaveLength(1);
  for (const filter of ['== "bit 19"', 'contains "bit 19"', '~ "^bit 63$"', 'in { "bit 63" }', '== "BIT 19"']) {
    expect(odd.kept(`module.taints ${filter}`), filter).toEqual(one);
  }
  expect(odd.kept('module.taints == "bit 20"')).toEqual([]);
});

describe('what is proposed as a value', () => {
  const cases = FIELDS.flatMap(({ name, type }) => operatorsOf(type).map((operator) => [name, operator] as const));
  const FINDING = ['==', 'contains', '~', 'in'];

  test.each(cases)('%s %s: makes a filter, which keeps a row if the value is from the capture', (name, operator) => {
    const [begun, end] = operator === 'in' ? [`${name} in { `, ' }'] : [`${name} ${operator} `, ''];
    const { from, items } = odd.filters.complete(begun, 'events', begun.length);
    for (const { text, detail = '' } of items) {
      const filter = begun.slice(0, from) + text + end;
      expect(odd.filters.read(filter, 'events').problems, filter).toEqual([]);
      if (!detail.endsWith('in this capture') || !FINDING.includes(operator)) continue;
      expect(odd.kept(filter).length, filter).toBeGreaterThan(0);
    }
  });

  test('is there where the capture has such a value', () => {
    const proposed = (begun: string): string[] =>
      odd.filters.complete(begun, 'events', begun.length).items.map(({ text }) => text);
    expect(proposed('file.inode == ')).toContain(String(2n ** 64n - 5n));
    expect(proposed('file.mode == ')).toContain('0040755');
    expect(proposed('process.ancestor == ')).toContain('systemd');
    expect(proposed('file.path ~ ')).toContain('"pipe:\\\\[77\\\\]"');
    expect(proposed('pid == ')).toEqual(['100']);
  });
});
