/**
 * Builds captures row by row, for what no kernel can be made to do at will: forged returns, lost records, addresses
 * used again, hooks that are missing. Everything that a kernel can be made to do is tested on the recorded sample.
 */
import { createHash, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ModuleView } from '#contract/hidden-module.ts';
import { schemaText } from '#core/capture/schema.ts';
import { Sealer } from './sealer.ts';

type Cell = string | number | bigint | Buffer | null;

/** Bytes of an image in one row. */
const CHUNK = 256 * 1024;

const folders: string[] = [];

/** A folder of this test's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-test-'));
  folders.push(folder);
  return folder;
}

/** Removes all of them; for afterAll. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const ALL_HOOKS = [
  ['module_load', 'module_load'],
  ['module_free', 'module_free'],
  ['module_request', 'module_request'],
  ['image_read', 'security_kernel_post_read_file'],
  ['image_read', 'security_kernel_post_load_data'],
] as const;

export interface CallSpec {
  readonly kind?: 'finit_module' | 'init_module' | 'delete_module';
  readonly ns?: number | bigint;
  /** Absent: the call has not returned. */
  readonly returned?: number | bigint;
  readonly took?: number;
  /** Written as a row of call_return. */
  readonly late?: boolean;
  readonly args?: readonly Cell[];
  readonly process?: number;
  readonly file?: number;
  readonly text?: string | Buffer;
  readonly textInKernel?: string | Buffer;
  readonly textAtReturn?: string | Buffer;
  readonly repeat?: number;
  readonly lastNs?: number;
  /** seq of the single call that a row with `repeat` is identical to. */
  readonly like?: number;
  readonly tid?: number;
}

export interface ReadingSpec {
  readonly view: ModuleView;
  readonly pass?: number;
  readonly state?: 'whole' | 'cut' | 'torn' | 'unavailable';
  readonly modules: readonly { name?: string; address?: number; base?: number; state?: string }[];
  readonly sameAs?: number;
}

export class CaptureBuilder {
  readonly path: string;
  readonly database: Database.Database;
  /** By its SQL. */
  readonly #inserts = new Map<string, Database.Statement<Cell[]>>();
  #sealer: Sealer | undefined;
  #seq = 0;
  #callId = 0;
  #ns = 1_000_000;

  /** @param hooks purpose and target of those that were attached */
  constructor(hooks: readonly (readonly [string, string])[] = ALL_HOOKS, path?: string) {
    this.path = path ?? join(temporaryFolder(), 'built.modtrail');
    this.database = new Database(this.path);
    this.database.pragma('synchronous = OFF');
    this.database.pragma('foreign_keys = OFF'); // as the recorder has it
    this.database.exec(schemaText());
    this.insert('capture', {
      id: 1,
      uuid: randomUUID(),
      collector_version: '0.1.0',
      started_boot_ns: 0,
      started_wall_ns: 1_700_000_000_000_000_000n,
      host: 'lab',
      kernel_release: '6.1.0-test',
      ring_bytes: 4096,
      image_ring_bytes: 65536,
      image_policy: 'kept',
      image_limit: 268435456,
      part: 1,
      param_values_limit: 4096,
      path_limit: 4096,
      argv_limit: 4096,
      ancestor_limit: 64,
    });
    for (const [purpose, target] of hooks) {
      this.insert('hook', { purpose, mechanism: 'raw-tracepoint', target, state: 'attached' });
    }
  }

  insert(table: string, row: Readonly<Record<string, Cell>>): number {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(',')}) VALUES (${names.map(() => '?').join(',')})`;
    const statement = this.#inserts.get(sql) ?? this.database.prepare<Cell[]>(sql);
    this.#inserts.set(sql, statement);
    return Number(statement.run(...Object.values(row)).lastInsertRowid);
  }

  /** The next moment, a microsecond after the last one. */
  tick(): number {
    return (this.#ns += 1000);
  }

  event(kind: string, row: Readonly<Record<string, Cell>> = {}): number {
    const seq = ++this.#seq;
    this.insert('event', { seq, ns: this.tick(), kind, ...row });
    return seq;
  }

  process(row: Readonly<Record<string, Cell>> = {}): number {
    return this.insert('process', {
      detail: 'caller',
      chain_state: 'whole',
      pid: 100,
      start_boot_ns: 5,
      comm: 'insmod',
      ...row,
    });
  }

  file(path: string, inode: number, row: Readonly<Record<string, Cell>> = {}): number {
    return this.insert('file', {
      path,
      path_state: 'whole',
      dev_major: 8,
      dev_minor: 1,
      inode,
      mode: 0o100644,
      links: 1,
      ...row,
    });
  }

  /** Returns the call's number. */
  call(spec: CallSpec): number {
    const { kind = 'finit_module', ns = this.tick(), returned, took = 500, late = false, args = [3, 4096, 0] } = spec;
    const callId = ++this.#callId;
    const has = returned !== undefined;
    const seq = this.event(kind, {
      ns,
      call_id: callId,
      pid: 100,
      tid: spec.tid ?? 100,
      process_id: spec.process ?? null,
      file_id: spec.file ?? null,
      arg0: args[0] ?? null,
      arg1: args[1] ?? null,
      arg2: args[2] ?? null,
      compat: 0,
      return_value: has && !late ? returned : null,
      duration_ns: has && !late && spec.repeat === undefined ? took : null,
      repeat: spec.repeat ?? 1,
      first_ns: spec.repeat === undefined ? null : ns,
      last_ns: spec.repeat === undefined ? null : (spec.lastNs ?? ns),
      like_seq: spec.like ?? null,
    });
    if (has && late) this.insert('call_return', { seq, return_value: returned, duration_ns: took });
    const argument = kind === 'delete_module' ? 0 : kind === 'finit_module' ? 1 : 2;
    const texts = { entry: spec.text, kernel: spec.textInKernel, return: spec.textAtReturn };
    for (const [phase, bytes] of Object.entries(texts)) {
      if (bytes !== undefined) this.insert('argument_text', { seq, argument, phase, state: 'whole', bytes });
    }
    return callId;
  }

  load(callId: number | null, address: number, name: string, ns: number | bigint = this.tick()): number {
    const seq = this.event('module_load', { ns, call_id: callId });
    this.insert('module_fact', { seq, address, name, taints: 0x1000 });
    return seq;
  }

  free(callId: number | null, address: number, name: string, ns: number | bigint = this.tick()): number {
    const seq = this.event('module_free', { ns, call_id: callId });
    this.insert('module_fact', { seq, address, name });
    return seq;
  }

  /** A reading of which neither bytes nor hash are there, or what `fact` says. */
  image(
    callId: number,
    size: number,
    ns: number | bigint = this.tick(),
    fact: Readonly<Record<string, Cell>> = {},
  ): number {
    const seq = this.event('image_read', { ns, call_id: callId });
    this.insert('image_fact', { seq, source: 'read_file', size, received: 0, state: 'not-copied', ...fact });
    return seq;
  }

  /** A reading whose bytes are kept, once however often they are read. `arrived` leaves the rest out. */
  keptImage(
    callId: number,
    bytes: Buffer,
    arrived: readonly (readonly [number, number])[] = [[0, bytes.length]],
  ): number {
    const received = arrived.reduce((sum, [from, to]) => sum + to - from, 0);
    const whole = received === bytes.length;
    const sha256 = whole ? createHash('sha256').update(bytes).digest() : null;
    const known = this.database.prepare<[Buffer | null], number>('SELECT id FROM image WHERE sha256 = ?').pluck();
    const state = whole ? 'kept' : 'incomplete';
    const id = known.get(sha256) ?? this.#store(bytes, arrived, { sha256, size: bytes.length, received });
    return this.image(callId, bytes.length, this.tick(), { received, state, sha256, image_id: id });
  }

  #store(bytes: Buffer, arrived: readonly (readonly [number, number])[], row: Readonly<Record<string, Cell>>): number {
    const first = Number(this.database.prepare('SELECT coalesce(max(id), 0) + 1 FROM image_chunk').pluck().get());
    const id = Number(this.database.prepare('SELECT coalesce(max(id), 0) + 1 FROM image').pluck().get());
    let chunks = 0;
    for (const [from, to] of arrived) {
      for (let offset = from; offset < to; offset += CHUNK, chunks++) {
        this.insert('image_chunk', {
          image_id: id,
          offset,
          bytes: bytes.subarray(offset, Math.min(to, offset + CHUNK)),
        });
      }
    }
    return this.insert('image', { ...row, first_chunk: first, chunks });
  }

  request(name: string, process: number, ns: number | bigint = this.tick()): number {
    const seq = this.event('module_request', { ns, process_id: process });
    this.insert('request_fact', { seq, name, wait: 1 });
    return seq;
  }

  loss(source: string, lost: number, fromNs: number | bigint, toNs: number | bigint): number {
    const seq = this.event('loss', { ns: fromNs });
    this.insert('loss_fact', { seq, source, lost, from_ns: fromNs, to_ns: toNs });
    return seq;
  }

  clock(bootNs: number | bigint, wallNs: bigint): number {
    const seq = this.event('clock', { ns: bootNs });
    this.insert('clock_fact', { seq, boot_ns: bootNs, wall_ns: wallNs, uncertainty_ns: 50 });
    return seq;
  }

  snapshot(reason: 'start' | 'stop', names: readonly string[], ns: number | bigint = this.tick()): number {
    const seq = this.event('snapshot', { ns });
    this.insert('snapshot_fact', { seq, reason, from_ns: ns, to_ns: ns });
    const view = { seq, pass: 1, from_ns: ns, to_ns: ns };
    this.insert('snapshot_view', { ...view, view: 'sysfs', state: 'unavailable' });
    const viewId = this.insert('snapshot_view', {
      ...view,
      view: 'proc_modules',
      state: 'whole',
      modules: names.length,
    });
    for (const name of names) this.insert('snapshot_module', { view_id: viewId, name });
    return seq;
  }

  /** Commits what was written since the last time, as the recorder does; from then on `finish` does, too. */
  commit(key?: KeyObject): void {
    this.#sealer ??= new Sealer(this.database, key);
    this.#sealer.commit(this.tick());
  }

  /** A snapshot with the readings given, taken from `ns` to `toNs`. Returns the event and the rows of the views. */
  look(readings: readonly ReadingSpec[], ns: number | bigint, toNs = ns): { seq: number; views: number[] } {
    const seq = this.event('snapshot', { ns });
    this.insert('snapshot_fact', { seq, reason: 'interval', from_ns: ns, to_ns: toNs });
    const views = readings.map(({ view, pass = 1, state = 'whole', modules, sameAs }) => {
      const facts = { seq, view, pass, state, from_ns: ns, to_ns: toNs, modules: modules.length };
      const id = this.insert('snapshot_view', { ...facts, same_as: sameAs ?? null });
      for (const { name, address, base, state: word } of sameAs === undefined ? modules : []) {
        const row = { name: name ?? null, address: address ?? null, base: base ?? null, state: word ?? null };
        this.insert('snapshot_module', { view_id: id, ...row });
      }
      return id;
    });
    return { seq, views };
  }

  /** Closes the file as a recorder does that ended by itself. Returns its path. */
  finish(): string {
    const now = this.tick();
    this.insert('capture_stop', {
      id: 1,
      stopped_boot_ns: now,
      stopped_wall_ns: 1_700_000_000_000_000_000n + BigInt(now),
      reason: 'signal',
    });
    if (this.#sealer) this.commit();
    return this.abandon();
  }

  /** Closes the file without the recorder's last word. */
  abandon(): string {
    this.database.close();
    return this.path;
  }
}
