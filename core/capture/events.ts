/** Events as the contract shows them, built for the rows that are looked at and no others. */
import {
  CALL_KINDS,
  EVENT_KINDS,
  type Argument,
  type CallKind,
  type Event,
  type EventKind,
  type FileFact,
} from '#contract/event.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import { errnoName } from '../reference/errno.ts';
import { readArguments, readText, type Texts } from './arguments.ts';
import { formatWall, type ClockMap } from './clock-map.ts';
import {
  addressOrNone,
  anyText,
  integer,
  integerOrNone,
  plainText,
  small,
  smallOrNone,
  word,
  type Row,
} from './columns.ts';
import { definedOnly } from './defined.ts';
import { Files } from './files.ts';
import { Images } from './images.ts';
import { readModule } from './module-facts.ts';
import type { Capture } from './open.ts';
import { Processes } from './processes.ts';
import { Snapshots } from './snapshots.ts';

export function isCall(kind: EventKind): kind is CallKind {
  return (CALL_KINDS as readonly EventKind[]).includes(kind);
}

/** A call's return, whether it stands in its row or came late. */
export const RETURNED =
  'coalesce(event.return_value, (SELECT return_value FROM call_return WHERE call_return.seq = event.seq))';

/** Nanoseconds from entry to return. */
export const TOOK_LATER = '(SELECT duration_ns FROM call_return WHERE call_return.seq = event.seq)';
export const TOOK = `coalesce(event.duration_ns, ${TOOK_LATER})`;

/** Whether a call was made by a 32-bit program. */
export function is32Bit(row: Row): boolean {
  return (integerOrNone(row, 'compat') ?? 0n) !== 0n;
}

type BySeq = Database.Statement<[bigint], Row>;

export class EventReader {
  readonly files: Files;
  readonly processes: Processes;
  readonly images: Images;
  readonly #capture: Capture;
  readonly #event: BySeq;
  readonly #texts: BySeq;
  readonly #facts: Readonly<Partial<Record<EventKind, BySeq>>>;
  readonly #snapshots: Snapshots;
  readonly #stop: Database.Statement<[], Row>;

  constructor(capture: Capture) {
    const { database } = capture;
    this.#capture = capture;
    this.files = new Files(database);
    this.processes = new Processes(database, this.files);
    this.images = new Images(database);
    this.#snapshots = new Snapshots(database);
    const bySeq = (sql: string): BySeq => database.prepare<[bigint], Row>(sql);
    this.#event = bySeq(`SELECT event.*, ${RETURNED} AS returned, ${TOOK} AS took FROM event WHERE seq = ?`);
    this.#texts = bySeq('SELECT phase, state, bytes FROM argument_text WHERE seq = ?');
    const module = bySeq('SELECT * FROM module_fact WHERE seq = ?');
    this.#facts = {
      module_load: module,
      module_free: module,
      module_request: bySeq('SELECT * FROM request_fact WHERE seq = ?'),
      loss: bySeq('SELECT * FROM loss_fact WHERE seq = ?'),
      clock: bySeq('SELECT * FROM clock_fact WHERE seq = ?'),
      snapshot: bySeq('SELECT * FROM snapshot_fact WHERE seq = ?'),
    };
    this.#stop = database.prepare<[], Row>('SELECT reason, detail FROM capture_stop');
  }

  get #clock(): ClockMap {
    return this.#capture.clock;
  }

  texts(seq: bigint): Texts {
    const readings = new Map(
      this.#texts.all(seq).map((row) => [word(row, 'phase', ['entry', 'kernel', 'return'] as const), readText(row)]),
    );
    return definedOnly<Texts>({
      entry: readings.get('entry'),
      atKernel: readings.get('kernel'),
      atReturn: readings.get('return'),
    });
  }

  /** A call's row; what stands in the row of the call that it is identical to is filled in. */
  callRow(seq: bigint): Row | undefined {
    const row = this.#event.get(seq);
    const like = row && integerOrNone(row, 'like_seq');
    const alike = like === undefined ? undefined : this.#event.get(like);
    if (!row || !alike) return row;
    const shared = ['file_id', 'arg0', 'arg1', 'arg2', 'compat'] as const;
    return { ...row, ...Object.fromEntries(shared.map((name) => [name, row[name] ?? alike[name]])) };
  }

  /** The arguments of a call, from its row as `callRow` gives it. */
  argumentsOf(kind: CallKind, row: Row, file: FileFact | undefined): Argument[] {
    return readArguments(kind, row, this.texts(integerOrNone(row, 'like_seq') ?? integer(row, 'seq')), file);
  }

  /** One event, undefined where there is no such seq. */
  get(seq: bigint): Event | undefined {
    const row = this.callRow(seq);
    return row && this.#build(row);
  }

  #build(row: Row): Event {
    const kind = word(row, 'kind', EVENT_KINDS);
    const ns = integer(row, 'ns');
    const first = integerOrNone(row, 'first_ns');
    const last = integerOrNone(row, 'last_ns');
    const processId = integerOrNone(row, 'process_id');
    return definedOnly<Event>({
      seq: small(row, 'seq'),
      time: this.#clock.time(ns),
      ns: toWide(ns),
      kind,
      callId: smallOrNone(row, 'call_id'),
      pid: smallOrNone(row, 'pid'),
      tid: smallOrNone(row, 'tid'),
      process: processId === undefined ? undefined : this.processes.get(processId),
      repeat: small(row, 'repeat'),
      firstTime: first === undefined ? undefined : this.#clock.time(first),
      lastTime: last === undefined ? undefined : this.#clock.time(last),
      firstNs: first === undefined ? undefined : toWide(first),
      lastNs: last === undefined ? undefined : toWide(last),
      likeSeq: smallOrNone(row, 'like_seq'),
      ...(isCall(kind) ? this.#call(kind, row) : this.#fact(kind, row)),
    } as { [K in keyof Event]: Event[K] | undefined });
  }

  #call(kind: CallKind, row: Row): Partial<Event> {
    const fileId = integerOrNone(row, 'file_id');
    const file = fileId === undefined ? undefined : this.files.get(fileId);
    const returned = integerOrNone(row, 'returned');
    const took = integerOrNone(row, 'took');
    return definedOnly<Partial<Event>>({
      args: this.argumentsOf(kind, row, file),
      compat: is32Bit(row) ? true : undefined,
      file,
      image: this.images.ofCall(row)?.fact,
      returnValue: returned === undefined ? undefined : toWide(returned),
      errno: returned === undefined ? undefined : errnoName(returned),
      durationNs: took === undefined ? undefined : toWide(took),
      pending: returned === undefined ? true : undefined,
    });
  }

  #fact(kind: EventKind, row: Row): Partial<Event> {
    if (kind === 'capture_stop') return this.#stopFact();
    const seq = integer(row, 'seq');
    if (kind === 'image_read') return definedOnly<Partial<Event>>({ image: this.images.ofEvent(seq)?.fact });
    const fact = this.#facts[kind]?.get(seq);
    if (!fact) return {};
    switch (kind) {
      case 'module_load':
      case 'module_free':
        return { module: readModule(fact) };
      case 'module_request':
        return {
          request: definedOnly<NonNullable<Event['request']>>({
            name: anyText(fact, 'name') ?? '',
            wait: fact['wait'] === null ? undefined : integer(fact, 'wait') !== 0n,
            caller: addressOrNone(fact, 'caller_address'),
          }),
        };
      case 'loss':
        return {
          lost: small(fact, 'lost'),
          lossSource: plainText(fact, 'source'),
          fromTime: this.#clock.time(integer(fact, 'from_ns')),
          toTime: this.#clock.time(integer(fact, 'to_ns')),
        };
      case 'clock':
        return {
          clock: { wall: formatWall(integer(fact, 'wall_ns')), uncertaintyNs: toWide(integer(fact, 'uncertainty_ns')) },
        };
      case 'snapshot':
        return { snapshot: { reason: plainText(fact, 'reason'), views: this.#snapshots.views(seq) } };
      default:
        return {};
    }
  }

  #stopFact(): Partial<Event> {
    const row = this.#stop.get();
    if (!row) return {};
    const detail = anyText(row, 'detail');
    return { detail: detail ? `${plainText(row, 'reason')}: ${detail}` : plainText(row, 'reason') };
  }
}
