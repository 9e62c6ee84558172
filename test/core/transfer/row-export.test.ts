/** Rows in a file: all of them, as the table has them, or no file. */
import { lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExportRequest, SavedRows } from '#contract/row-export.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';

const CALLS = 300;

let capturePath: string;
let capture: OpenedCapture;
let folder: string;

beforeAll(() => {
  const built = new CaptureBuilder();
  const init = built.process({ pid: 1, comm: 'init', detail: 'ancestor' });
  const shell = built.process({ pid: 2, comm: 'sh', detail: 'ancestor', parent_id: init });
  const names = ['modprobe', '=1+2', 'two\nlines', Buffer.from([0x61, 0xff, 0x1b])];
  const processes = names.map((comm, at) => built.process({ comm, pid: 100 + at, parent_id: shell }));
  const file = built.file('/m/a, "b".ko', 7);
  for (let at = 0; at < CALLS; at++) {
    built.call({ returned: at % 3 === 0 ? 0 : -1, process: processes[at % 4] ?? 0, file, text: 'p=1' });
  }
  capturePath = built.finish();
});
beforeEach(() => {
  capture = new OpenedCapture(capturePath, 'stepwise');
  folder = temporaryFolder();
});
afterEach(() => {
  capture.close();
});
afterAll(removeFolders);

const ALL: ExportRequest = {
  table: 'attempts',
  form: 'ndjson',
  columns: ['time'],
  order: { sort: 'time', descending: false },
};

/** Step by step to the end. */
function exported(request: ExportRequest, path: string, replace = false): SavedRows {
  const place = { path, fresh: join(folder, '.fresh.part'), replace };
  for (let restart = true; ; restart = false) {
    const step = capture.exportStep(request, place, restart);
    if ('saved' in step) return step.saved;
  }
}

const textOf = (request: ExportRequest): string => {
  const path = join(folder, 'out');
  exported(request, path);
  return readFileSync(path, 'utf8');
};

function pages(request: ExportRequest): unknown[] {
  const whole = new OpenedCapture(capturePath);
  const page = { start: 0, limit: 1000 };
  const { rows } =
    request.table === 'attempts'
      ? whole.attempts({ ...request.order, ...page })
      : whole.events({ ...request.order, ...page });
  whole.close();
  return [...rows];
}

test.each<[string, ExportRequest]>([
  ['attempts as recorded', ALL],
  [
    'attempts of a filter, sorted',
    { ...ALL, order: { sort: 'by', descending: true, filter: 'return == 0', within: { fromNs: 0, toNs: 9e15 } } },
  ],
  ['events', { table: 'events', form: 'ndjson', columns: ['seq'], order: { sort: 'seq', descending: false } }],
  [
    'events of a filter',
    {
      table: 'events',
      form: 'ndjson',
      columns: ['seq'],
      order: { sort: 'kind', descending: true, filter: 'verdict == rejected' },
    },
  ],
])('%s are the rows that the table shows, as both forms of JSON', (_name, request) => {
  const rows = pages(request);
  expect(rows.length).toBeGreaterThan(0);
  expect(textOf(request)).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  expect(exported({ ...request, form: 'json' }, join(folder, 'out.json'))).toMatchObject({ rows: rows.length });
  expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toEqual(rows);
});

test('no row is an empty list', () => {
  const none = { ...ALL, order: { ...ALL.order, filter: 'process.pid == 9' } } as const;
  expect(JSON.parse(textOf({ ...none, form: 'json' }))).toEqual([]);
});

test('CSV has the fields of the chosen columns in their order, harmless and on one line each', () => {
  const text = textOf({
    ...ALL,
    form: 'csv',
    columns: ['startedBy', 'by', 'from', 'returned', 'verdict'],
    order: { sort: 'time', descending: false, filter: 'call.id in { 1, 2, 3, 4 }' },
  });
  const [head, ...lines] = text.split(/\n(?=,|$)/);
  expect(head).toBe(
    'process.uid,process.ancestors.comm,process.comm,file.path,file.deleted,kind,returnValue,errno,verdict',
  );
  const rest = (value: string, verdict: string) => `"/m/a, ""b"".ko",false,finit_module,${value},${verdict}`;
  expect(lines).toEqual([
    expect.stringMatching(/^,sh init,modprobe,/),
    expect.stringContaining(`,'=1+2,${rest('-1,EPERM', 'rejected')}`),
    expect.stringContaining(`,"two\nlines",${rest('-1,EPERM', 'rejected')}`),
    // Bytes that are not UTF-8 are those of every other place; a control character is in quotes.
    expect.stringContaining(',"a\\xff\u001b",'),
    '',
  ]);
});

describe('a file that is there already', () => {
  const before = 'what was there';

  test('stays where nobody agreed to its end, and nothing else is left', () => {
    const path = join(folder, 'out.csv');
    writeFileSync(path, before);
    expect(() => exported(ALL, path)).toThrow('is there already');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['out.csv']);
  });

  test('is replaced by a whole one where somebody did', () => {
    const path = join(folder, 'out.csv');
    writeFileSync(path, before);
    const { rows, bytes } = exported(ALL, path, true);
    expect(rows).toBe(CALLS);
    expect(statSync(path)).toMatchObject({ size: bytes });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['out.csv']);
  });

  test('is never a capture, whoever agreed', () => {
    const evidence = readFileSync(capturePath);
    const { ino } = lstatSync(capturePath);
    expect(() => exported(ALL, capturePath, true)).toThrow('is a capture, and evidence is not written over');
    expect(readFileSync(capturePath).equals(evidence)).toBe(true);
    expect(lstatSync(capturePath).ino).toBe(ino);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('what is not carried to its end leaves no file, nor does a folder that cannot be written to', () => {
  const place = { path: join(folder, 'out.csv'), fresh: join(folder, '.fresh.part'), replace: false };
  expect(capture.exportStep(ALL, place, true)).toHaveProperty('progress');
  expect(readdirSync(folder)).toEqual(['.fresh.part']);
  // Begun anew, the first one is given up.
  expect(capture.exportStep(ALL, { ...place, fresh: join(folder, '.other.part') }, true)).toHaveProperty('progress');
  expect(readdirSync(folder)).toEqual(['.other.part']);
  capture.close();
  expect(readdirSync(folder)).toEqual([]);
  capture = new OpenedCapture(capturePath, 'stepwise');
  const missing = join(folder, 'missing');
  expect(() =>
    capture.exportStep(ALL, { ...place, path: join(missing, 'out'), fresh: join(missing, '.x') }, true),
  ).toThrow('cannot be written: no such file or folder');
});
