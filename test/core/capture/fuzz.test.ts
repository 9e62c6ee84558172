/** Damaged and made-up captures: every question is answered, with rows or with one sentence, and soon. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS } from '#contract/page.ts';
import type { Result } from '#contract/result.ts';
import { createStore, type Store } from '#core/store/store.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';

afterAll(removeFolders);

const SAMPLE = join(import.meta.dirname, '../../../samples/sample.modtrail');
const PATIENCE_MS = 10_000;

/** Every question that the app can ask. What is thrown here is a defect. */
function* questions(store: Store, handle: string): Generator<Result<unknown>> {
  const info = store.captureInfo(handle);
  yield info;
  for (const sort of EVENT_COLUMNS) yield store.events(handle, { sort, descending: true, start: 0, limit: 300 });
  for (const sort of ATTEMPT_COLUMNS) yield store.attempts(handle, { sort, descending: false, start: 0, limit: 300 });
  const span = { fromNs: '-9223372036854775808', toNs: '9223372036854775807', columns: 500 };
  yield store.timeline(handle, span);
  if (info.ok) yield store.timeline(handle, { fromNs: info.value.firstNs, toNs: info.value.lastNs, columns: 500 });
  yield store.attempt(handle, 1);
  yield store.attemptStory(handle, 2);
  yield store.event(handle, 3);
  yield store.images(handle);
}

function interrogate(path: string): 'opens' | 'refused' {
  const started = performance.now();
  const store = createStore();
  const opened = store.open(path);
  const answers: Result<unknown>[] = [opened];
  if (opened.ok) answers.push(...questions(store, opened.value.handle));
  store.closeAll();
  for (const answer of answers) {
    if (answer.ok) JSON.stringify(answer.value);
    else expect(answer.error.message).toMatch(/^[^\n]{5,600}$/);
    if (!answer.ok) expect(answer.error.code).not.toBe('unexpected');
  }
  expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
  return opened.ok ? 'opens' : 'refused';
}

test('bytes flipped anywhere, and files cut anywhere', () => {
  const sound = readFileSync(SAMPLE);
  const path = join(temporaryFolder(), 'damaged.modtrail');
  const outcomes = { opens: 0, refused: 0 };
  const place = fc.oneof(
    fc.integer({ min: 0, max: sound.length - 1 }),
    fc.integer({ min: 0, max: 4095 }), // the header and the schema
    fc.integer({ min: 0, max: (sound.length >> 12) - 1 }).map((page) => page * 4096), // where pages begin
  );
  const flips = fc.array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 });
  const cut = fc.option(fc.integer({ min: 0, max: sound.length }), { freq: 4, nil: undefined });
  fc.assert(
    fc.property(flips, cut, (changes, length) => {
      const bytes = Buffer.from(sound);
      for (const [at, change] of changes) bytes[at] = (bytes[at] ?? 0) ^ change;
      writeFileSync(path, bytes);
      if (length !== undefined) truncateSync(path, length);
      outcomes[interrogate(path)]++;
    }),
    { numRuns: 5000, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false },
  );
  // Damage is mostly noticed; where it is not, it lies in a value that could as well be so.
  expect(outcomes.refused).toBeGreaterThan(50);
});

test('a whole copy opens', () => {
  const path = join(temporaryFolder(), 'copy.modtrail');
  copyFileSync(SAMPLE, path);
  expect(interrogate(path)).toBe('opens');
});

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 9n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n, -1n, 0n),
);
const cell = fc.option(int64, { nil: null });
const text = fc.oneof(
  fc.string(),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('--', 'x\0y', '\u202e', 'modprobe\0-q\0--\0m'),
);
const id = fc.option(fc.bigInt({ min: 1n, max: 6n }), { nil: null });

const KINDS = ['finit_module', 'init_module', 'delete_module', 'module_load', 'module_free', 'module_request', 'image_read', 'loss', 'clock', 'snapshot', 'capture_stop'] as const; // prettier-ignore

const event = fc.record({
  kind: fc.constantFrom(...KINDS),
  ns: int64,
  call_id: fc.oneof(id, cell),
  pid: cell,
  tid: cell,
  process_id: id,
  file_id: id,
  arg0: cell,
  arg1: cell,
  arg2: cell,
  return_value: fc.oneof(cell, fc.constantFrom(0n, -1n, -17n)),
  duration_ns: cell,
  repeat: fc.oneof(int64, fc.constant(1n)),
  first_ns: cell,
  last_ns: cell,
  like_seq: id,
});
const person = fc.record({ parent_id: id, pid: int64, parent_pid: cell, start_boot_ns: int64, comm: text, uid: cell, login_uid: cell, cap_effective: cell, cap_permitted: cell, cap_bounding: cell, exe_file_id: id, mnt_ns: cell }); // prettier-ignore
const thing = fc.record({ path: fc.option(text, { nil: null }), dev_major: cell, dev_minor: cell, inode: cell, size: cell, links: cell, mode: cell, mtime_wall_ns: cell, fs_magic: cell, fs_name: fc.constantFrom('pipefs', 'ext4', 'anon_inodefs', null), open_flags: cell }); // prettier-ignore

test('rows that no recorder writes: any number, any text, rings of parents, numbers used twice', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 25 }),
      fc.array(person, { maxLength: 6 }),
      fc.array(thing, { maxLength: 6 }),
      fc.array(fc.tuple(int64, text), { minLength: 25, maxLength: 25 }),
      (events, persons, things, extras) => {
        const built = new CaptureBuilder();
        persons.forEach((row) => built.process(row));
        things.forEach((row) => built.insert('file', { ...row, path_state: 'whole' }));
        events.forEach(({ kind, ...row }, at) => {
          const seq = built.event(kind, row);
          const [number, words] = extras[at] ?? [0n, ''];
          if (kind.startsWith('module_') && kind !== 'module_request') built.insert('module_fact', { seq, address: number % 3n, name: words, taints: number, size: number, version: Buffer.from(words) }); // prettier-ignore
          if (kind === 'module_request') built.insert('request_fact', { seq, name: words, wait: number });
          if (kind === 'image_read') built.insert('image_fact', { seq, source: 'read_file', size: number, received: number, state: 'kept', image_id: at % 3, sha256: Buffer.from(words) }); // prettier-ignore
          if (kind === 'loss')
            built.insert('loss_fact', { seq, source: 'ring-stage', lost: number, from_ns: number, to_ns: row.ns });
          if (kind === 'clock')
            built.insert('clock_fact', { seq, boot_ns: row.ns, wall_ns: number, uncertainty_ns: number });
          if (kind === 'snapshot') {
            built.insert('snapshot_fact', { seq, reason: 'stop', from_ns: number, to_ns: number });
            built.insert('snapshot_view', { seq, view: 'proc_modules', pass: number, state: 'whole', from_ns: number, to_ns: number, modules: number, same_as: at % 3 }); // prettier-ignore
          }
          if (at % 2 === 0)
            built.insert('argument_text', {
              seq,
              argument: at % 3,
              phase: at % 4 === 0 ? 'entry' : 'return',
              state: 'whole',
              bytes: words,
            });
          if (at % 5 === 0) built.insert('call_return', { seq, return_value: number, duration_ns: number });
        });
        expect(interrogate(built.finish())).toMatch(/opens|refused/);
        removeFolders();
      },
    ),
    { numRuns: 1000, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false },
  );
});

test('a ring of parents ends', () => {
  const built = new CaptureBuilder();
  const first = built.process({ pid: 10, parent_id: 2 });
  built.process({ pid: 11, parent_id: first });
  built.call({ returned: -1, process: first });
  const store = createStore();
  const opened = store.open(built.finish());
  if (!opened.ok) throw new Error(opened.error.message);
  const attempt = store.attempt(opened.value.handle, 1);
  store.closeAll();
  expect(attempt).toMatchObject({ ok: true, value: { process: { ancestors: [{ pid: 11 }, { pid: 10 }] } } });
});
