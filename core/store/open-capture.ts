/** One open capture with everything that is kept for it while it is open. */
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { ClockSample } from '#contract/clock.ts';
import type { Event } from '#contract/event.ts';
import type { FilterCompletions, FilterReading, FilterTable } from '#contract/filter.ts';
import type { ImageName, ImageRow, SavedImage } from '#contract/image.ts';
import type { LineageRequest, LineageRow, LineageView } from '#contract/lineage.ts';
import type { AttemptColumn, EventColumn, Page, PageRequest, RowOrder } from '#contract/page.ts';
import type { RosterOrder, RosterPage, RosterRequest } from '#contract/roster.ts';
import type { VerifyStep } from '#contract/seal.ts';
import type { Timeline, TimelineRequest } from '#contract/timeline.ts';
import { Attempts } from '../attempt/attempts.ts';
import { attemptStory } from '../attempt/story.ts';
import { digestOrNone, integer, small, type Row } from '../capture/columns.ts';
import { eventOrder } from '../capture/event-order.ts';
import { EventReader } from '../capture/events.ts';
import { CaptureError } from '../capture/failure.ts';
import { readInfo } from '../capture/info.ts';
import { openCapture, refreshCapture, type Capture } from '../capture/open.ts';
import { Orders } from '../capture/orders.ts';
import { Filters } from '../filter/filters.ts';
import { findImage } from '../image/find-image.ts';
import { imageRows } from '../image/image-rows.ts';
import { readImage } from '../image/read-image.ts';
import { keptImage, saveImage } from '../image/save-image.ts';
import { SealWalk } from '../seal/verify.ts';
import { Tallies } from './tallies.ts';
import { buildTimeline } from '../timeline/timeline.ts';

/** How long one step of long work takes: others wait no longer than that. */
const STEP_MS = 100;

function noCall(callId: number): CaptureError {
  return new CaptureError('no-such-row', `there is no call ${String(callId)} in this capture`);
}

function noEvent(seq: number): CaptureError {
  return new CaptureError('no-such-row', `there is no event ${String(seq)} in this capture`);
}

export class OpenedCapture {
  readonly #capture: Capture;
  readonly #reader: EventReader;
  readonly #attempts: Attempts;
  readonly #filters: Filters;
  readonly #events: Orders<EventColumn>;
  readonly #tallies: Tallies;
  #walk: SealWalk | undefined;
  /** SQLite's mark of what others have committed: of what is kept here, and of what `refresh` has told. */
  #keptVersion: unknown;
  #toldVersion: unknown;

  /** @throws CaptureError */
  constructor(path: string) {
    const capture = openCapture(path);
    this.#capture = capture;
    try {
      this.#reader = new EventReader(capture);
      this.#attempts = new Attempts(capture, this.#reader, (text) => this.#filters.where(text, 'attempts'));
      this.#filters = new Filters(capture, this.#attempts);
    } catch (error) {
      capture.close();
      throw error;
    }
    this.#tallies = new Tallies(capture, this.#attempts, (sha256) => this.imageBytes({ sha256 }).bytes);
    this.#events = new Orders((order) =>
      eventOrder(capture.database, order, (text) => this.#filters.where(text, 'events')),
    );
    this.#keptVersion = this.#toldVersion = this.#dataVersion();
  }

  get path(): string {
    return this.#capture.path;
  }

  close(): void {
    this.#tallies.end();
    this.#capture.close();
  }

  #dataVersion(): unknown {
    return this.#capture.database.pragma('data_version', { simple: true });
  }

  /** All that one answer says is of one moment, even while a recorder goes on writing. */
  #read<T>(work: () => T): T {
    return this.#capture.database.transaction(() => {
      const version = this.#dataVersion();
      if (version !== this.#keptVersion) {
        this.#keptVersion = version;
        refreshCapture(this.#capture);
        this.#attempts.forget();
        this.#events.forget();
        this.#tallies.forget();
      }
      return work();
    })();
  }

  /** Looks for new rows of a growing capture. Returns whether there is something to tell. */
  refresh(): boolean {
    return this.#read(() => {
      const before = this.#capture.completeness;
      if (before === 'recording') refreshCapture(this.#capture);
      const news = this.#toldVersion !== this.#keptVersion || this.#capture.completeness !== before;
      this.#toldVersion = this.#keptVersion;
      return news;
    });
  }

  info(): CaptureInfo {
    return this.#read(() => readInfo(this.#capture, this.#attempts));
  }

  clock(): ClockSample[] {
    return this.#read(() => this.#capture.clock.samples());
  }

  attempts(page: PageRequest<AttemptColumn>): Page<Attempt> {
    return this.#read(() => {
      const seqs = this.#attempts.order(page);
      const wanted = seqs.subarray(page.start, page.start + page.limit);
      const rows = Array.from(wanted, (seq) => this.#attempts.get(BigInt(seq))).filter((row) => row !== undefined);
      return { start: page.start, rows, total: seqs.length };
    });
  }

  attempt(callId: number): Attempt {
    return this.#read(() => {
      const seq = this.#attempts.seqOf(callId);
      const attempt = seq === undefined ? undefined : this.#attempts.get(seq);
      if (!attempt) throw noCall(callId);
      return attempt;
    });
  }

  attemptStory(callId: number): string {
    return attemptStory(this.attempt(callId));
  }

  attemptIndex(callId: number, order: RowOrder<AttemptColumn>): number {
    return this.#read(() => {
      const index = this.#attempts.order(order).indexOf(Number(this.#attempts.seqOf(callId) ?? -1n));
      if (index < 0) throw noCall(callId);
      return index;
    });
  }

  events(page: PageRequest<EventColumn>): Page<Event> {
    return this.#read(() => {
      const seqs = this.#events.seqs(page);
      const wanted = seqs.subarray(page.start, page.start + page.limit);
      const rows = Array.from(wanted, (seq) => this.#reader.get(BigInt(seq))).filter((row) => row !== undefined);
      return { start: page.start, rows, total: seqs.length };
    });
  }

  event(seq: number): Event {
    return this.#read(() => {
      const event = this.#reader.get(BigInt(seq));
      if (!event) throw noEvent(seq);
      return event;
    });
  }

  eventIndex(seq: number, order: RowOrder<EventColumn>): number {
    return this.#read(() => {
      const index = this.#events.seqs(order).indexOf(seq);
      if (index < 0) throw noEvent(seq);
      return index;
    });
  }

  readFilter(table: FilterTable, text: string): FilterReading {
    return this.#filters.read(text, table);
  }

  completeFilter(table: FilterTable, text: string, caret: number): FilterCompletions {
    return this.#read(() => this.#filters.complete(text, table, caret));
  }

  saveImage(sha256: string, path: string): SavedImage {
    const { database } = this.#capture;
    return this.#read(() => saveImage(database, keptImage(database, sha256), path, { replace: true }));
  }

  /** Writes an image to a new file. */
  extractImage(name: ImageName, path: string, partial: boolean): SavedImage {
    const { database } = this.#capture;
    return this.#read(() => saveImage(database, findImage(database, name), path, { replace: false, partial }));
  }

  /** The bytes of a kept image, in memory. */
  imageBytes(name: ImageName): { readonly bytes: Buffer; readonly sha256: string } {
    const { database } = this.#capture;
    return this.#read(() => {
      const row = findImage(database, name);
      return { bytes: readImage(database, row), sha256: digestOrNone(row, 'sha256')?.toString('hex') ?? 'incomplete' };
    });
  }

  /** Goes on counting for a moment, and tells what it came to. */
  roster(request: RosterRequest): RosterPage {
    return this.#read(() => this.#tallies.roster(request));
  }

  rosterIndex(id: number, order: RosterOrder): number {
    return this.#read(() => this.#tallies.rosterIndex(id, order));
  }

  readSigners(): Promise<void> {
    return this.#tallies.readSigners();
  }

  lineage(request: LineageRequest): Page<LineageRow> {
    return this.#read(() => this.#tallies.lineage(request));
  }

  lineageIndex(id: number, view: LineageView): number {
    return this.#read(() => this.#tallies.lineageIndex(id, view));
  }

  images(): ImageRow[] {
    return this.#read(() => imageRows(this.#capture.database, this.#capture.clock));
  }

  /** Goes on with the walk over the seal for a tenth of a second; begins one where there is none. */
  verifyStep(restart: boolean): VerifyStep {
    return this.#read(() => {
      if (restart || !this.#walk) this.#walk = new SealWalk(this.#capture);
      const step = this.#walk.step(STEP_MS);
      if ('verdict' in step) this.#walk = undefined;
      return step;
    });
  }

  timeline(request: TimelineRequest): Timeline {
    return this.#read(() => {
      const { database, clock } = this.#capture;
      const samples = database.prepare<[], Row>('SELECT seq, boot_ns FROM clock_fact').all();
      const start = database.prepare<[], Row>('SELECT started_boot_ns FROM capture').get();
      return buildTimeline(
        {
          attempts: this.#attempts,
          clock,
          clockSeqs: new Map(samples.map((row) => [integer(row, 'boot_ns'), small(row, 'seq')])),
          startedNs: start ? integer(start, 'started_boot_ns') : 0n,
        },
        request,
      );
    });
  }
}
