/** The fields of the filter language: name, type, meaning, and where the values lie. docs/filter-language.md lists them. */
import { VERDICTS } from '#contract/attempt.ts';
import { EVENT_KINDS, IMAGE_STATES } from '#contract/event.ts';
import type { FilterTable } from '#contract/filter.ts';
import { RETURNED } from '../capture/events.ts';
import { DELETE_FLAGS, FINIT_FLAGS } from '../reference/flags.ts';
import { taintNames, TAINTS } from '../reference/taints.ts';
import { CAPABILITY_BITS } from './capabilities.ts';
import { field, type Field, type FieldType, type More } from './field.ts';
import { ofModule, ofModuleName } from './module-places.ts';
import {
  alike,
  IS_LOSS,
  IS_REQUEST,
  isHidden,
  ofAncestor,
  ofCall,
  ofDuration,
  ofFact,
  ofFile,
  ofHeld,
  ofImage,
  ofProcess,
  ofProgram,
  ofRow,
  ofParameters,
  overColumn,
  PATH,
  shown,
  withContradiction,
  withVerdict,
} from './places.ts';
import { constant, sql, type Sql } from './sql.ts';
import { isOne } from './tests.ts';

const ROW = { cost: 0, column: true } as const;
const CALL = { cost: 0 } as const;
const EVENTS = { tables: ['events'] } as const;

/** Of an enumeration that stands in a column, or follows from one. */
const inColumn =
  (column: string) =>
  (words: readonly string[], outermost: boolean): Sql =>
    overColumn('kind', outermost ? column : `+${column}`, isOne(words));

const process = (name: string, type: FieldType, column: string, meaning: string): Field =>
  field(
    `process.${name}`,
    type,
    ofProcess(type === 'text' ? shown(`process.${column}`) : constant(`process.${column}`)),
    meaning,
  );

const file = (name: string, type: FieldType, value: string, meaning: string, more?: More): Field =>
  field(`file.${name}`, type, ofFile(constant(value)), meaning, more);

const module = (name: string, type: FieldType, value: Sql, meaning: string, more?: More): Field =>
  field(`module.${name}`, type, ofModule(value), meaning, more);

const FILE_TYPES = ['pipe', 'character', 'directory', 'block', 'regular', 'link', 'socket'] as const;
const TYPE_BITS = [0o010000, 0o020000, 0o040000, 0o060000, 0o100000, 0o120000, 0o140000] as const;
const REGULAR = String(0o100000);
const FORMAT = `file.mode & ${String(0o170000)}`;

const FILE_TYPE = `CASE WHEN file.mode IS NULL THEN NULL ${FILE_TYPES.map(
  (type, index) => `WHEN ${FORMAT} = ${String(TYPE_BITS[index])} THEN '${type}'`,
).join(' ')} ELSE 'other' END`;

/** As int and unsigned int are passed in registers. */
const LOW_32 = String(0xffffffff);
const signed32 = (value: string): string => `((${value} & ${LOW_32}) + 2147483648 & ${LOW_32}) - 2147483648`;

const CONTRADICTIONS = [
  'success-without-load',
  'failure-but-loaded',
  'removed-without-free',
  'refused-but-freed',
  'live-but-unlisted',
  'parameters-changed',
] as const;

const PROCESS_KEY = "process.pid || '@' || process.start_boot_ns";

const LOSS_SOURCES = 'ring-call ring-return ring-stage ring-image thread-table recursion collector disk'.split(' ');

const FLAG_BITS = new Map([...FINIT_FLAGS, ...DELETE_FLAGS].map(({ name, value }) => [name, BigInt(value)]));
/** Bits that no kernel known here has a name for are called by their number, as they are shown. */
const NAMELESS_TAINTS = new Map(
  Array.from({ length: 64 - TAINTS.length }, (_, index) => 1n << BigInt(TAINTS.length + index)).flatMap((bit) =>
    taintNames(bit).map((name) => [name, bit] as const),
  ),
);

const TAINT_BITS = new Map([
  ...TAINTS.flatMap(({ bit, name, letter }) => [name, letter].map((word) => [word, 1n << BigInt(bit)] as const)),
  ...NAMELESS_TAINTS,
]);

export const FIELDS: readonly Field[] = [
  field('seq', 'integer', ofRow('event.seq'), 'The row’s number, in the order of commit.', ROW),
  field('time', 'time', ofRow('event.ns'), 'When it happened; for a call, when it was entered.', ROW),
  field('kind', 'word', (_, test) => overColumn('kind', 'event.kind', test), 'What was recorded.', {
    ...{ ...ROW, words: EVENT_KINDS, whereWords: inColumn('event.kind') },
  }),
  field('operation', 'word', ofHeld('kind', '1', '1'), 'What a call is for.', {
    ...{ ...CALL, words: ['load', 'unload'] },
    whereWords: (words, outermost) =>
      inColumn('event.kind')(
        words.flatMap((word) => (word === 'load' ? ['finit_module', 'init_module'] : ['delete_module'])),
        outermost,
      ),
  }),
  field('verdict', 'word', ofHeld('kind', 'event.kind'), 'What became of the call.', {
    ...{ cost: 2, words: VERDICTS, whereWords: withVerdict },
  }),
  field('contradiction', 'word', ofCall('1'), 'Which facts of the call disagree.', {
    ...{ cost: 2, many: true, words: CONTRADICTIONS, whereWords: withContradiction },
  }),
  field('hidden', 'boolean', isHidden, 'The call’s module is live, and hidden from a list.', { cost: 2 }),
  field(
    'call.id',
    'integer',
    ofRow('event.call_id'),
    'The number that a call and all that it caused have in common.',
    ROW,
  ),
  field('return', 'integer', ofHeld('returned', RETURNED), 'What the call returned.'),
  field('errno', 'errno', ofHeld('returned', RETURNED), 'The name of the error that the call returned.'),
  field('pending', 'boolean', ofHeld('returned', `${RETURNED} IS NULL`, '(value IS NULL)'), 'No return is recorded.'),
  field('duration', 'duration', ofDuration, 'From entry to return.'),
  field('repeat', 'integer', ofRow('event.repeat'), 'How many identical failing calls the row stands for.', ROW),
  field('compat', 'boolean', ofCall(`ifnull(${alike('compat')}, 0) <> 0`), 'The caller is a 32-bit program.', CALL),
  field('pid', 'integer', ofRow('event.pid'), 'The process’s number.', ROW),
  field('tid', 'integer', ofRow('event.tid'), 'The thread’s number.', ROW),
  field(
    'param_values',
    'text',
    ofParameters,
    'The parameters given to the module, in any reading: at entry, in the kernel, at return.',
    { many: true },
  ),
  field(
    'flags',
    'flags',
    ofCall(
      `CASE event.kind WHEN 'finit_module' THEN ${alike('arg2')} WHEN 'delete_module' THEN ${alike('arg1')} END & ${LOW_32}`,
    ),
    'The call’s flags.',
    { ...CALL, bits: FLAG_BITS },
  ),
  field(
    'fd',
    'integer',
    ofCall(`CASE event.kind WHEN 'finit_module' THEN ${signed32(alike('arg0'))} END`),
    'The file descriptor that was passed.',
    CALL,
  ),
  field(
    'len',
    'unsigned',
    ofCall(`CASE event.kind WHEN 'init_module' THEN ${alike('arg1')} END`),
    'The length that init_module was given.',
    CALL,
  ),

  process('comm', 'text', 'comm', 'The name of the calling thread’s program.'),
  field('process.exe', 'text', ofProgram, 'The program’s path.'),
  field(
    'process.argv',
    'text',
    ofProcess({
      ...constant('argv_text(process.argv)'),
      source: 'process.argv',
      raw: constant('CAST(process.argv AS TEXT)'),
    }),
    'The command line, with spaces between.',
  ),
  process('pid', 'integer', 'pid', 'The process’s number.'),
  field(
    'process.key',
    'text',
    ofProcess(constant(PROCESS_KEY)),
    'One process, also where numbers were used again: its number, @, and its start in nanoseconds of boot time.',
  ),
  process('ppid', 'integer', 'parent_pid', 'The parent’s number.'),
  process('uid', 'integer', 'uid', 'Real user.'),
  process('gid', 'integer', 'gid', 'Real group.'),
  process('euid', 'integer', 'euid', 'Effective user.'),
  process('egid', 'integer', 'egid', 'Effective group.'),
  process('auid', 'integer', 'login_uid', 'The user who logged in; absent where nobody did.'),
  process('session', 'integer', 'session_id', 'The audit session.'),
  process('cgroup', 'text', 'cgroup', 'Path of the control group.'),
  field(
    'process.caps',
    'set',
    ofProcess(
      constant(
        'CASE WHEN process.cap_permitted IS NOT NULL AND process.cap_bounding IS NOT NULL THEN process.cap_effective END',
      ),
    ),
    'Effective capabilities.',
    { many: true, words: [...CAPABILITY_BITS.keys()], bits: CAPABILITY_BITS },
  ),
  field('process.ancestor', 'text', ofAncestor(shown('process.comm').text), 'The name of any process above.', {
    many: true,
  }),
  field('process.ancestor.pid', 'integer', ofAncestor('process.pid'), 'The number of any process above.', {
    many: true,
  }),
  field('process.ancestor.key', 'text', ofAncestor(PROCESS_KEY), 'As `process.key`, of any process above.', {
    many: true,
  }),
  process('mntns', 'integer', 'mnt_ns', 'Inode of the mount namespace.'),
  process('pidns', 'integer', 'pid_ns', 'Inode of the process namespace.'),
  process('netns', 'integer', 'net_ns', 'Inode of the network namespace.'),
  process('userns', 'integer', 'user_ns', 'Inode of the user namespace.'),

  field('file.path', 'text', ofFile(PATH), 'The file’s path as the kernel saw it from the descriptor.'),
  field('file.name', 'text', ofFile(sql`base_name(${PATH})`), 'The last part of the path.'),
  file('type', 'word', FILE_TYPE, 'What kind of file.', { words: [...FILE_TYPES, 'other'] }),
  field('file.fs', 'text', ofFile(shown('file.fs_name')), 'The filesystem’s name.'),
  file('size', 'size', 'file.size', 'Bytes.'),
  file('inode', 'unsigned', 'file.inode', 'The inode’s number.'),
  file('device', 'text', "file.dev_major || ':' || file.dev_minor", 'The device, major:minor.'),
  file('links', 'integer', 'file.links', 'Names that the file has.'),
  file(
    'deleted',
    'boolean',
    `CASE WHEN ${FORMAT} = ${REGULAR} THEN file.links = 0 END`,
    'A regular file without a name.',
  ),
  file('mode', 'mode', 'file.mode', 'Type and permissions, octal.'),
  file('uid', 'integer', 'file.uid', 'Owner.'),
  file('gid', 'integer', 'file.gid', 'Group.'),

  field('image.sha256', 'digest', ofImage('image_fact.sha256'), 'Hash of the module’s bytes.'),
  field('image.size', 'size', ofImage('image_fact.size'), 'Bytes that the kernel announced.'),
  field('image.received', 'size', ofImage('image_fact.received'), 'Bytes that arrived.'),
  field('image.state', 'word', ofImage('image_fact.state'), 'What became of the bytes.', { words: IMAGE_STATES }),

  field(
    'module.name',
    'text',
    ofModuleName,
    'The module’s name: the kernel’s word, failing that the call’s argument, or the file’s name.',
    { cost: 2 },
  ),
  module('taints', 'set', constant('module_fact.taints'), 'Why the module taints the kernel.', {
    many: true,
    words: TAINTS.map(({ name }) => name),
    furtherWords: [...NAMELESS_TAINTS.keys()],
    bits: TAINT_BITS,
  }),
  module('version', 'text', shown('module_fact.version'), 'The module’s version text.'),
  module('srcversion', 'text', shown('module_fact.srcversion'), 'The hash of its sources.'),
  module('signed', 'boolean', constant('module_fact.sig_ok <> 0'), 'The kernel found its signature good.'),
  module('address', 'address', constant('module_fact.address'), 'Where the kernel’s structure lies.'),
  module('base', 'address', constant('module_fact.base'), 'Where its code lies.'),
  module('size', 'size', constant('module_fact.size'), 'Bytes in memory.'),

  field(
    'request.name',
    'text',
    ofFact(IS_REQUEST, 'request_fact', shown('request_fact.name')),
    'What the kernel asked for.',
    EVENTS,
  ),
  field(
    'lost',
    'integer',
    ofFact(IS_LOSS, 'loss_fact', constant('loss_fact.lost')),
    'How many records were lost.',
    EVENTS,
  ),
  field('loss.source', 'word', ofFact(IS_LOSS, 'loss_fact', constant('loss_fact.source')), 'Where they were lost.', {
    ...EVENTS,
    words: LOSS_SOURCES,
  }),
];

const BY_NAME = new Map(FIELDS.map((known) => [known.name, known]));

export const fieldNamed = (name: string): Field | undefined => BY_NAME.get(name.toLowerCase());

export const fieldsOf = (table: FilterTable): readonly Field[] => FIELDS.filter(({ tables }) => tables.includes(table));

/** Whose values a bare word is looked for in. */
export const SEARCHED: readonly Field[] = [
  ...['kind', 'errno', 'process.comm', 'process.exe', 'process.argv', 'process.cgroup', 'file.path', 'param_values'],
  ...['image.sha256', 'module.name', 'module.version', 'request.name'],
].flatMap((name) => BY_NAME.get(name) ?? []);
