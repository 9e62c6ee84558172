/**
 * Counts all attempts of a capture by the image that they are about, and by the module's name: first what was read of
 * images, then what the kernel said of modules, then the calls, last what is still there.
 */
import type { Capture } from '../capture/open.ts';
import { anyText, digestOrNone, integer, integerOrNone, readable, type Row } from '../capture/columns.ts';
import { Files } from '../capture/files.ts';
import { DECOMPRESSED } from '../capture/images.ts';
import { nameOfFile } from '../attempt/attempt-order.ts';
import type { Judge } from '../attempt/judge.ts';
import { BEFORE_ALL, callsOf, type CallSource, type CountedCall, type Scope } from '../tally/calls.ts';
import { ByCall } from '../tally/by-call.ts';
import type { Work } from '../tally/stepped.ts';
import { toWide } from '#contract/wide.ts';
import { Groups, ImageGroup, MOST_GROUPS, NameGroup, type Ids } from './groups.ts';

/** Rows that are read at once. */
const PIECE = 500;

/** Files, and calls that others are identical to, whose facts are at hand. */
const KEPT = 50_000;

/** What was read before is read again; nothing of it is wrong. */
function roomIn(map: ReadonlyMap<unknown, unknown> & { clear(): void }): void {
  if (map.size >= KEPT) map.clear();
}

const READINGS = `SELECT image_fact.seq, event.call_id, image_fact.size, image_fact.state, image_fact.reason,
    image_fact.sha256
  FROM image_fact JOIN event ON event.seq = image_fact.seq
  WHERE image_fact.seq > ? AND image_fact.seq <= ? ORDER BY image_fact.seq LIMIT ${String(PIECE)}`;

/** Of a call that has several, the one that attempts have (core/capture/images.ts). */
const READING_OF = `SELECT image_fact.sha256 FROM event JOIN image_fact ON image_fact.seq = event.seq
  WHERE event.call_id = ? AND event.kind = 'image_read' AND image_fact.reason IS NOT ?
  ORDER BY event.ns, event.seq LIMIT 1`;

const MODULES = `SELECT module_fact.seq, event.call_id, module_fact.name, module_fact.taints
  FROM module_fact JOIN event ON event.seq = module_fact.seq
  WHERE module_fact.seq > ? AND module_fact.seq <= ? ORDER BY module_fact.seq LIMIT ${String(PIECE)}`;

interface FileFact {
  readonly path: string | undefined;
  readonly name: string | undefined;
}

export class Roster {
  readonly images: Groups<ImageGroup>;
  readonly names: Groups<NameGroup>;

  constructor(ids: { readonly images: Ids; readonly names: Ids }) {
    this.images = new Groups((sha256) => new ImageGroup(ids.images.of(sha256), sha256));
    this.names = new Groups((name) => new NameGroup(ids.names.of(name)));
  }
}

class Counting {
  readonly roster: Roster;
  readonly #capture: Capture;
  readonly #judge: Judge;
  readonly #source: CallSource;
  readonly #imageOfCall: ByCall<ImageGroup>;
  readonly #imageOfLike = new Map<bigint, ImageGroup>();
  readonly #taintsOfName = new Map<string, bigint>();
  readonly #files = new Map<bigint, FileFact>();
  readonly #paths: Files;
  readonly #statements;

  constructor(capture: Capture, judge: Judge, source: CallSource, roster: Roster) {
    const { database } = capture;
    this.roster = roster;
    this.#paths = new Files(database);
    this.#capture = capture;
    this.#judge = judge;
    this.#source = source;
    this.#imageOfCall = new ByCall(database);
    this.#statements = {
      readingOf: database.prepare<[number, string], Row>(READING_OF),
      path: database.prepare<[bigint], Row>('SELECT path FROM file WHERE id = ?'),
      callOf: database.prepare<[bigint], bigint | null>('SELECT call_id FROM event WHERE seq = ?').pluck(),
    };
  }

  /** Each third of the way counts as if it went over all events; numbers below 0 are no way at all. */
  *steps(): Generator<number> {
    const { end } = this.#source;
    const third = (part: number, seq: bigint): number => Math.max(Number((BigInt(part) * end + seq) / 3n), 0);
    for (const seq of this.#readings()) yield third(0, seq);
    for (const seq of this.#modules()) yield third(1, seq);
    for (let piece = this.#source.after(BEFORE_ALL); piece.last !== undefined; piece = this.#source.after(piece.last)) {
      for (const call of piece.calls) this.#count(call);
      yield third(2, piece.last);
    }
    for (const at of this.#stillThere()) if (at % PIECE === 0) yield third(3, 0n);
  }

  *#rows(sql: string): Generator<{ readonly rows: readonly Row[]; readonly last: bigint }> {
    const statement = this.#capture.database.prepare<[bigint, bigint], Row>(sql);
    for (let last = BEFORE_ALL; ;) {
      const rows = statement.all(last, this.#source.end);
      const end = rows.at(-1);
      if (!end) return;
      last = integer(end, 'seq');
      yield { rows, last };
    }
  }

  *#readings(): Generator<bigint> {
    for (const { rows, last } of this.#rows(READINGS)) {
      for (const row of rows) if (row['reason'] !== DECOMPRESSED) this.#reading(row);
      yield last;
    }
  }

  #reading(row: Row): void {
    const { images } = this.roster;
    const group = images.of(digestOrNone(row, 'sha256')?.toString('hex'));
    if (group.sha256 !== undefined) {
      group.size ??= toWide(integer(row, 'size'));
      group.kept ||= row['state'] === 'kept';
    }
    const id = integerOrNone(row, 'call_id');
    if (id === undefined) return;
    const callId = Number(id);
    const known = this.#imageOfCall.get(callId);
    if (known === undefined) this.#imageOfCall.set(callId, group);
    else if (known !== group) {
      const first = this.#statements.readingOf.get(callId, DECOMPRESSED);
      this.#imageOfCall.set(callId, images.of(first && digestOrNone(first, 'sha256')?.toString('hex')));
    }
  }

  *#modules(): Generator<bigint> {
    for (const { rows, last } of this.#rows(MODULES)) {
      for (const row of rows) {
        const taints = integerOrNone(row, 'taints');
        if (taints === undefined) continue;
        const callId = integerOrNone(row, 'call_id');
        this.#imageOfCallOrNone(callId === undefined ? undefined : Number(callId)).taint(taints);
        const name = anyText(row, 'name') ?? '';
        const before = this.#taintsOfName.get(name);
        if (before === undefined && this.#taintsOfName.size >= MOST_GROUPS) continue;
        this.#taintsOfName.set(name, (before ?? 0n) | taints);
      }
      yield last;
    }
  }

  #file(id: bigint | undefined): FileFact | undefined {
    if (id === undefined) return undefined;
    const known = this.#files.get(id);
    if (known) return known;
    const recorded = anyText(this.#statements.path.get(id) ?? {}, 'path');
    const read = { path: this.#paths.get(id)?.path, name: nameOfFile(recorded) };
    roomIn(this.#files);
    this.#files.set(id, read);
    return read;
  }

  /** What was loaded without a call, or whose reading is not recorded, is in the row of what has no image. */
  #imageOfCallOrNone(callId: number | undefined): ImageGroup {
    const image = callId === undefined ? undefined : this.#imageOfCall.get(callId);
    return image ?? this.roster.images.of(undefined);
  }

  /** Of a call that stands for identical ones, the image is that of the call that they are identical to. */
  #imageOf({ call, likeSeq }: CountedCall): ImageGroup {
    const { images } = this.roster;
    if (call.kind === 'delete_module') return images.of(undefined);
    if (likeSeq === undefined) return this.#imageOfCallOrNone(call.callId);
    const known = this.#imageOfLike.get(likeSeq);
    if (known) return known;
    const callId = this.#statements.callOf.get(likeSeq);
    const group = this.#imageOfCallOrNone(typeof callId === 'bigint' ? Number(callId) : undefined);
    roomIn(this.#imageOfLike);
    this.#imageOfLike.set(likeSeq, group);
    return group;
  }

  /** The kernel's word comes first, then the call's argument, then the file's name: as in an attempt. */
  #nameOf({ call, judgement, argument }: CountedCall, file: FileFact | undefined): string | undefined {
    const kernels = call.kind === 'delete_module' ? judgement.free : judgement.life?.load;
    if (kernels) return kernels.name;
    if (typeof argument === 'string' || Buffer.isBuffer(argument)) return readable(argument);
    return file?.name;
  }

  #count(counted: CountedCall): void {
    const { call, judgement, caller } = counted;
    const file = this.#file(counted.fileId);
    const image = this.#imageOf(counted);
    const name = this.#nameOf(counted, file);
    const group = this.roster.names.of(name);
    const comm = caller?.comm;
    const attempt = {
      ...{ verdict: judgement.verdict, calls: call.repeat, ns: call.ns, lastNs: call.lastNs ?? call.ns, name },
      path: file?.path,
      program: typeof comm === 'string' || Buffer.isBuffer(comm) ? readable(comm) : undefined,
    };
    image.count(attempt);
    group.count(attempt);
    if (image.sha256 !== undefined) group.images.add(image);
    if (name !== undefined) group.taint(this.#taintsOfName.get(name));
  }

  *#stillThere(): Generator<number> {
    let at = 0;
    for (const life of this.#judge.facts.modules.lives()) {
      if (life.load && this.#judge.goneNs(life) === undefined) {
        const { callId, name } = life.load;
        this.#imageOfCallOrNone(callId).live++;
        const group = this.roster.names.of(name);
        group.live++;
        group.names.add(name);
        group.taint(this.#taintsOfName.get(name));
      }
      yield at++;
    }
    for (const { callId, name } of this.#judge.hidden) {
      this.#imageOfCallOrNone(callId).hidden = true;
      if (name === undefined) continue;
      const group = this.roster.names.of(name);
      group.hidden = true;
      group.names.add(name);
    }
  }
}

/** @param ids - of the rows, kept for as long as the capture is open */
export function countRoster(capture: Capture, scope: Scope, ids: { images: Ids; names: Ids }): Work<Roster> {
  const source = callsOf(capture.database, scope, true);
  const counting = new Counting(capture, scope.judge, source, new Roster(ids));
  const { roster } = counting;
  return {
    ...{ value: roster, steps: counting.steps(), of: Math.max(Number(source.end), 0), preview: scope.preview === true },
    size: () => roster.names.all.length,
  };
}
