import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VERBS, type Api, type Verb } from '#contract/api.ts';
import { API_SHAPES, dropShape, listenShape } from '../../main/app/shapes.ts';

const PAGE = { descending: true, start: 0, limit: 1000 } as const;
const WITHIN = { fromNs: '-9223372036854775808', toNs: 9007199254740991 };

/** An argument list for each verb that has to pass. */
const FITTING: { readonly [V in Verb]: Parameters<Api[V]> } = {
  captureInfo: ['c1'],
  attempts: ['c1', { ...PAGE, sort: 'verdict', within: WITHIN, filter: 'verdict == live' }],
  events: ['c1', { ...PAGE, sort: 'seq' }],
  attempt: ['c1', 7],
  attemptStory: ['c1', 7],
  event: ['c1', 7],
  attemptIndex: ['c1', 7, { sort: 'time', descending: false }],
  eventIndex: ['c1', 7, { sort: 'what', descending: false, within: WITHIN }],
  readFilter: ['c1', 'attempts', 'errno == EPERM'],
  completeFilter: ['c1', 'events', 'errno == ', 9],
  firstMatches: ['c1', 'events', ['errno == EPERM'], [1, 2]],
  timeline: ['c1', { ...WITHIN, columns: 16384 }],
  images: ['c1'],
  imageUse: ['c1', 'ab'.repeat(32)],
  roster: ['c1', { grouping: 'name', sort: 'signer', descending: true, text: 'x', start: 0, limit: 1000 }],
  rosterIndex: ['c1', 7, { grouping: 'image', sort: 'first', descending: false }],
  lineage: ['c1', { toggled: [0, 7], text: 'sh', start: 0, limit: 1000 }],
  lineageIndex: ['c1', 7, { toggled: [] }],
  reference: [],
  moduleBytes: ['m1', 0, 65536],
  searchModule: ['m1', { kind: 'bytes', pattern: '7f 45', ignoreCase: false, from: 0 }],
  modulePart: ['m1', 'identity'],
  moduleRows: ['m1', 'strings', { sort: 'offset', descending: true, filter: 'a', only: 'URL', start: 0, limit: 1000 }],
  moduleRowIndex: ['m1', 'symbols', 7, { sort: 'name', descending: false }],
  placeInModule: ['m1', 64],
  findInModule: ['m1', 'kallsyms'],
  moduleCode: ['m1', { at: 64, start: 0, limit: 1000 }],
  codeText: ['m1', 64],
  findInCode: ['m1', 64, 'call'],
  compareStep: ['m1', 'm2', true],
  differences: ['m1', 'm2', { sort: 'group', descending: false, only: 'imports', filter: 'a', start: 0, limit: 1000 }],
  openModuleAtHand: ['m1'],
  notes: ['c1'],
  keepNotes: [
    'c1',
    [
      {
        ...{ target: { kind: 'attempt', callId: 7 }, about: 'attempt 7', ns: 5, bookmarked: true },
        ...{ tags: ['odd'], text: 'one\ntwo', author: 'analyst', changed: '2026-01-01T00:00:00Z' },
      },
    ],
  ],
  exportCase: ['c1'],
  importCase: ['c1'],
  exportRows: [
    'c1',
    { table: 'attempts', form: 'csv', columns: ['time', 'by'], order: { sort: 'time', descending: false } },
  ],
  cancelExport: [],
  certificates: [],
  chooseCertificates: ['folder'],
  forgetCertificates: [],
  openModuleWithDialog: [],
  openModuleImage: ['c1', 'ab'.repeat(32), 'dummy'],
  closeModule: ['m1'],
  cancelModules: [],
  openWithDialog: [],
  openSample: [],
  openRecent: ['0123456789abcdef0123456789abcdef'],
  recentCaptures: [],
  closeCapture: ['c1'],
  startRecording: [{ images: false, imageLimit: 0, scanInterval: 30, maxSize: 2 ** 30 }],
  attachStream: [{ from: 'ssh', host: 'db-1.example', user: 'root', port: 2222, program: './modtrail-collector' }],
  watchRecording: [],
  stopRecording: [],
  discardRecording: [],
  leftRecordings: [],
  openLeft: ['6f1c0e5e-6c0a-4b0e-9a55-0d6c3f6a7b10'],
  forgetLeft: ['6f1c0e5e-6c0a-4b0e-9a55-0d6c3f6a7b10'],
  verifySeal: ['c1'],
  cancelVerify: ['c1'],
  saveImage: ['c1', 'ab'.repeat(32), '/lib/modules/x.ko'],
  startSession: [],
  reopenSession: [],
  keepSession: [{ tabs: [{ id: 'c1', place: '{}' }], active: 0, together: 'open' }],
  newWindow: [],
  settings: [],
  changeSettings: [{ theme: 'dark', panes: { 'inspector.width': 320.5 } }],
  copyText: ['text'],
  appFacts: [],
};

const EXPORT = FITTING.exportRows[1];

/** For each verb what must not pass. */
const UNFIT: { readonly [V in Verb]: readonly (readonly unknown[])[] } = {
  captureInfo: [[], [1], [''], ['x'.repeat(65)], ['c1', 'more']],
  attempts: [
    ['c1'],
    ['c1', { ...PAGE, sort: 'seq' }],
    ['c1', { ...PAGE, sort: 'time', limit: -1 }],
    ['c1', { ...PAGE, sort: 'time', limit: 1001 }],
    ['c1', { ...PAGE, sort: 'time', start: -1001 }],
    ['c1', { ...PAGE, sort: 'time', start: 0.5 }],
    ['c1', { ...PAGE, sort: 'time', extra: 1 }],
    ['c1', { ...PAGE, sort: 'time', within: { fromNs: 0 } }],
    ['c1', { ...PAGE, sort: 'time', within: undefined }],
    ['c1', { ...PAGE, sort: 'time', filter: 'x'.repeat(10_001) }],
    ['c1', { ...PAGE, sort: 'time', filter: 1 }],
  ],
  events: [
    ['c1', { ...PAGE, sort: '__proto__' }],
    ['c1', { ...PAGE, sort: 'seq', descending: 'yes' }],
  ],
  attempt: [['c1'], ['c1', '7'], ['c1', -1], ['c1', Number.NaN], ['c1', 2 ** 53]],
  attemptStory: [['c1', null]],
  event: [['c1', Number.POSITIVE_INFINITY]],
  attemptIndex: [
    ['c1', 7],
    ['c1', 7, { sort: 'time' }],
  ],
  eventIndex: [['c1', 7, { sort: 'time', descending: false, limit: 1 }]],
  readFilter: [
    ['c1', 'attempts'],
    ['c1', 'images', ''],
    ['c1', 'events', 1],
    ['c1', 'events', 'x'.repeat(80_001)],
  ],
  completeFilter: [
    ['c1', 'events', 'x'],
    ['c1', 'events', 'x', -1],
    ['c1', 'events', 'x', 0.5],
  ],
  firstMatches: [
    ['c1', 'events', 'errno', [1]],
    ['c1', 'events', Array.from({ length: 33 }, () => ''), [1]],
    ['c1', 'events', [], [-1]],
    ['c1', 'events', [], Array.from({ length: 1001 }, () => 1)],
  ],
  timeline: [
    ['c1', { fromNs: 0, toNs: 1, columns: 0 }],
    ['c1', { fromNs: 0, toNs: 1, columns: 16385 }],
    ['c1', { fromNs: '9223372036854775808', toNs: 1, columns: 10 }],
    ['c1', { fromNs: '1e3', toNs: 1, columns: 10 }],
    ['c1', { fromNs: '', toNs: 1, columns: 10 }],
  ],
  images: [[], ['c1', 'more']],
  imageUse: [['c1'], ['c1', 'ab'], ['c1', 'AB'.repeat(32)]],
  roster: [
    ['c1'],
    ['c1', { grouping: 'host', sort: 'first', descending: true, start: 0, limit: 1 }],
    ['c1', { grouping: 'image', sort: 'time', descending: true, start: 0, limit: 1 }],
    ['c1', { grouping: 'image', sort: 'first', descending: true, start: 0, limit: 1001 }],
    ['c1', { grouping: 'image', sort: 'first', descending: true, start: 0, limit: 1, text: 'x'.repeat(1001) }],
  ],
  rosterIndex: [
    ['c1', 7],
    ['c1', -1, { grouping: 'image', sort: 'first', descending: false }],
  ],
  lineage: [
    ['c1', { start: 0, limit: 1 }],
    ['c1', { toggled: [-1], start: 0, limit: 1 }],
    ['c1', { toggled: Array.from({ length: 20_001 }, () => 1), start: 0, limit: 1 }],
    ['c1', { toggled: [], text: 1, start: 0, limit: 1 }],
  ],
  lineageIndex: [
    ['c1', { toggled: [] }],
    ['c1', 7, { toggled: [], start: 0 }],
  ],
  reference: [['x']],
  moduleBytes: [['m1'], ['m1', 0], ['m1', 0, 65537], ['m1', 0, 0], ['m1', -1, 16], ['m1', 0.5, 16], ['m1', '0', 16]],
  searchModule: [
    ['m1'],
    ['m1', { kind: 'regex', pattern: 'a', ignoreCase: false, from: 0 }],
    ['m1', { kind: 'text', pattern: '', ignoreCase: false, from: 0 }],
    ['m1', { kind: 'text', pattern: 'a'.repeat(5000), ignoreCase: false, from: 0 }],
    ['m1', { kind: 'text', pattern: 'a', ignoreCase: 1, from: 0 }],
    ['m1', { kind: 'text', pattern: 'a', ignoreCase: false, from: -1 }],
    ['m1', { kind: 'text', pattern: 'a', ignoreCase: false, from: 0, more: 1 }],
  ],
  modulePart: [['m1'], ['m1', 'all'], [1, 'overview']],
  moduleRows: [
    ['m1', 'events', { sort: 'name', descending: false, start: 0, limit: 1 }],
    ['m1', 'strings', { sort: 'seq', descending: false, start: 0, limit: 1 }],
    ['m1', 'strings', { sort: 'text', descending: false, start: 0, limit: 1001 }],
    ['m1', 'strings', { sort: 'text', descending: false, start: 0, limit: 1, filter: 'x'.repeat(5000) }],
  ],
  moduleRowIndex: [
    ['m1', 'strings', -1, { sort: 'text', descending: false }],
    ['m1', 'strings', 1],
  ],
  placeInModule: [['m1'], ['m1', -1], ['m1', '1'], [1, 1]],
  findInModule: [['m1'], ['m1', ''], ['m1', 'x'.repeat(5000)], ['m1', 1]],
  moduleCode: [['m1'], ['m1', 64], ['m1', { at: -1, start: 0, limit: 1 }], ['m1', { at: 0, start: 0, limit: 1001 }]],
  codeText: [['m1'], ['m1', '64'], ['m1', -1]],
  findInCode: [
    ['m1', 64],
    ['m1', 64, ''],
    ['m1', 64, 'x'.repeat(5000)],
  ],
  compareStep: [
    ['m1', 'm2'],
    ['m1', 2, true],
    ['m1', '/etc/passwd'.repeat(9), true],
  ],
  differences: [
    ['m1', 'm2'],
    ['m1', 'm2', { sort: 'size', descending: false, start: 0, limit: 1 }],
    ['m1', 'm2', { sort: 'name', descending: false, only: 'all', start: 0, limit: 1 }],
    ['m1', { sort: 'name', descending: false, start: 0, limit: 1 }],
  ],
  notes: [[], [7], ['c1', 1]],
  keepNotes: [
    ['c1'],
    ['c1', [{}]],
    ['c1', [{ target: { kind: 'attempt', callId: -1 } }]],
    [
      'c1',
      [
        {
          ...{ target: { kind: 'image', sha256: '../x' }, about: '', bookmarked: true },
          ...{ tags: [], text: '', author: '', changed: '2026-01-01T00:00:00Z' },
        },
      ],
    ],
  ],
  exportCase: [[], ['c1', '/etc/passwd']],
  importCase: [[], ['c1', '/etc/passwd']],
  exportRows: [
    ['c1'],
    ['c1', { ...EXPORT, form: 'xlsx' }],
    ['c1', { ...EXPORT, columns: [] }],
    ['c1', { ...EXPORT, columns: ['seq'] }],
    ['c1', { ...EXPORT, table: 'events' }],
    ['c1', { ...EXPORT, path: '/etc/passwd' }],
    ['c1', { ...EXPORT, order: { sort: 'time', descending: false, start: 0 } }],
    ['c1', EXPORT, '/etc/passwd'],
  ],
  cancelExport: [['c1']],
  openModuleAtHand: [[], ['m1', '/etc/passwd'], [1]],
  certificates: [['/etc/ssl']],
  chooseCertificates: [[], ['/etc/ssl'], ['files', '/etc/ssl']],
  forgetCertificates: [['x']],
  openModuleWithDialog: [['/etc/passwd']],
  openModuleImage: [['c1'], ['c1', '/etc/passwd', 'x'], ['c1', 'AB'.repeat(32), 'x'], ['c1', 'ab'.repeat(32)]],
  closeModule: [[], [1], ['']],
  cancelModules: [['m1']],
  openWithDialog: [['/etc/passwd']],
  openSample: [['/etc/passwd']],
  openRecent: [[], ['/etc/passwd'], ['0123456789ABCDEF0123456789ABCDEF'], [{}]],
  recentCaptures: [[0]],
  closeCapture: [[], [null]],
  startRecording: [
    ...[[], ['/tmp/out.modtrail'], [{}], [{ images: 1 }], [{ images: true, out: '/etc/passwd' }]],
    [{ images: true, maxSize: 1 }],
    [{ images: true, scanInterval: -1 }],
    [{ images: true, imageLimit: 0.5 }],
  ],
  attachStream: [
    ...[[], ['ssh'], [{ from: 'path', path: '/dev/ttyS0' }], [{ from: 'file', path: '/dev/ttyS0' }]],
    ...['-oProxyCommand=id', 'a b', 'a;id', '$(id)', 'a\nb', '`id`', 'x'.repeat(256), '', 'höst', '../a'].map(
      (host) => [{ from: 'ssh', host, program: 'modtrail-collector' }],
    ),
    ...['-c', 'a b', "a';id;'", '$(id)', 'a\nb', 'x'.repeat(4096), '', '~/a'].map((program) => [
      { from: 'ssh', host: 'db', program },
    ]),
    [{ from: 'ssh', host: 'db', user: '-l', program: 'a' }],
    [{ from: 'ssh', host: 'db', port: 0, program: 'a' }],
  ],
  discardRecording: [['c1']],
  leftRecordings: [['c1']],
  openLeft: [[], ['/etc/passwd'], [1]],
  forgetLeft: [[], ['../recordings.json']],
  watchRecording: [['c1']],
  stopRecording: [[true]],
  verifySeal: [[], ['/etc/passwd', 1], ['']],
  cancelVerify: [[], [null]],
  saveImage: [
    ['c1'],
    ['c1', 'ab'.repeat(32)],
    ['c1', 'AB'.repeat(32), 'x'],
    ['c1', 'ab', 'x'],
    ['c1', 7, 'x'],
    ['c1', 'ab'.repeat(32), 'x'.repeat(4097)],
    ['c1', 'ab'.repeat(32), 'x', '/etc/passwd'],
  ],
  startSession: [['more']],
  reopenSession: [[1]],
  keepSession: [
    [],
    [{ tabs: [{ id: '', place: '' }], active: 0, together: 'open' }],
    [{ tabs: [{ id: 'c1', place: 'x'.repeat(20_000) }], active: 0, together: 'open' }],
    [{ tabs: Array.from({ length: 65 }, () => ({ id: 'c1', place: '' })), active: 0, together: 'open' }],
    [{ tabs: [], active: 0.5, together: 'open' }],
    [{ tabs: [], active: 0, together: 'else' }],
    [{ tabs: [], active: 0, together: 'open', path: '/etc/shadow' }],
  ],
  newWindow: [[true]],
  settings: [[{}]],
  changeSettings: [
    [],
    [{ theme: 'pink' }],
    [{ theme: undefined }],
    [{ collector: '/bin/sh' }],
    [{ panes: { wide: Number.NaN } }],
    [{ colours: [{ name: 'x', filter: '', colour: 'pink', on: true }] }],
    [{ filters: [''] }],
    [{ tables: { attempts: { columns: ['a b'], widths: {} } } }],
    [{ tables: { attempts: { columns: ['time'], widths: { time: -1 } } } }],
    [{ panes: { 'a b': 1 } }],
    [{ panes: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`p${String(index)}`, 1])) }],
  ],
  copyText: [[], [1], ['x'.repeat(2 ** 24 + 1)]],
  appFacts: [[null]],
};

test('how many rows there are can be asked without any', () => {
  expect(API_SHAPES.attempts.safeParse(['c1', { ...PAGE, sort: 'time', limit: 0 }]).success).toBe(true);
  expect(API_SHAPES.roster.safeParse([FITTING.roster[0], { ...FITTING.roster[1], limit: 0 }]).success).toBe(false);
});

describe.each(VERBS)('%s', (verb) => {
  test('takes what fits', () => {
    expect(API_SHAPES[verb].safeParse(FITTING[verb])).toMatchObject({ success: true, data: FITTING[verb] });
  });

  test.each(UNFIT[verb].map((args) => [args]))('refuses %j', (args) => {
    expect(API_SHAPES[verb].safeParse(args).success).toBe(false);
  });

  test('gives an answer to anything', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof API_SHAPES[verb].safeParse(value).success).toBe('boolean');
      }),
      { numRuns: 100 },
    );
  });
});

test('a dropped path is absolute', () => {
  expect(dropShape.safeParse(['/tmp/a.modtrail', 'show']).success).toBe(true);
  for (const args of [
    [''],
    ['a.modtrail', 'show'],
    ['../a', 'show'],
    ['/a'],
    ['/a', 'run'],
    [null, 'show'],
    [],
    [`/${'x'.repeat(5000)}`, 'show'],
  ]) {
    expect(dropShape.safeParse(args).success).toBe(false);
  }
});

test('only notices that exist are listened to', () => {
  expect(listenShape.safeParse('grown').success).toBe(true);
  expect(listenShape.safeParse('constructor').success).toBe(false);
});
