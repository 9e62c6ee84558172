/** One open capture with everything that is kept for it while it is open. */
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { ClockSample } from '#contract/clock.ts';
import type { Event } from '#contract/event.ts';
import type { AttemptColumn, EventColumn, Page, PageRequest, RowOrder } from '#contract/page.ts';
import type { Timeline, TimelineRequest } from '#contract/timeline.ts';
import { Attempts } from '../attempt/attempts.ts';
import { attemptStory } from '../attempt/story.ts';
import { integer, small, type Row } from '../capture/columns.ts';
import { EventOrder } from '../capture/event-order.ts';
import { EventReader } from '../capture/events.ts';
import { CaptureError } from '../capture/failure.ts';
import { readInfo } from '../capture/info.ts';
import { openCapture, refreshCapture, type Capture } from '../capture/open.ts';
import { buildTimeline } from '../timeline/timeline.ts';

export class OpenedCapture {
  readonly #capture: Capture;
  readonly #reader: EventReader;
  readonly #attempts: Attempts;
  readonly #order: EventOrder;
  #version: bigint;

  /** @throws CaptureError */
  constructor(path: string) {
    this.#capture = openCapture(path);
    this.#reader = new EventReader(this.#capture);
    this.#attempts = new Attempts(this.#capture, this.#reader);
    this.#order = new EventOrder(this.#capture.database);
    this.#version = this.#dataVersion();
  }

  get path(): string {
    return this.#capture.path;
  }

  close(): void {
    this.#capture.close();
  }

  /** SQLite's own mark of what others have committed: cheap to ask. */
  #dataVersion(): bigint {
    return this.#capture.database.pragma('data_version', { simple: true }) as bigint;
  }

  /** Looks for new rows of a growing capture. Returns whether there are any. */
  refresh(): boolean {
    const version = this.#dataVersion();
    if (version === this.#version) {
      if (this.#capture.completeness !== 'recording') return false;
      refreshCapture(this.#capture);
      return this.#capture.completeness !== 'recording';
    }
    this.#version = version;
    refreshCapture(this.#capture);
    this.#attempts.forget();
    this.#order.forget();
    return true;
  }

  info(): CaptureInfo {
    return readInfo(this.#capture, this.#attempts.index());
  }

  clock(): ClockSample[] {
    return this.#capture.clock.samples();
  }

  attempts(page: PageRequest<AttemptColumn>): Page<Attempt> {
    const order = this.#attempts.order(page);
    const rows = order.slice(page.start, page.start + page.limit).map((joined) => this.#attempts.build(joined));
    return { start: page.start, rows, total: order.length };
  }

  attempt(callId: number): Attempt {
    const joined = this.#attempts.index().byCallId.get(callId);
    if (!joined) throw new CaptureError('no-such-row', `there is no call ${String(callId)} in this capture`);
    return this.#attempts.build(joined);
  }

  attemptStory(callId: number): string {
    return attemptStory(this.attempt(callId));
  }

  attemptIndex(callId: number, order: RowOrder<AttemptColumn>): number {
    const index = this.#attempts.order(order).findIndex(({ call }) => call.callId === callId);
    if (index < 0) throw new CaptureError('no-such-row', `there is no call ${String(callId)} in this capture`);
    return index;
  }

  events(page: PageRequest<EventColumn>): Page<Event> {
    const seqs = this.#order.seqs(page);
    const rows = Array.from(seqs.subarray(page.start, page.start + page.limit), (seq) => this.event(seq));
    return { start: page.start, rows, total: seqs.length };
  }

  event(seq: number): Event {
    const event = this.#reader.get(BigInt(seq));
    if (!event) throw new CaptureError('no-such-row', `there is no event ${String(seq)} in this capture`);
    return event;
  }

  eventIndex(seq: number, order: RowOrder<EventColumn>): number {
    const index = this.#order.seqs(order).indexOf(seq);
    if (index < 0) throw new CaptureError('no-such-row', `there is no event ${String(seq)} in this capture`);
    return index;
  }

  timeline(request: TimelineRequest): Timeline {
    const seqs = new Map(
      this.#capture.database
        .prepare<[], Row>('SELECT seq, boot_ns FROM clock_fact')
        .all()
        .map((row) => [integer(row, 'boot_ns'), small(row, 'seq')]),
    );
    return buildTimeline(this.#attempts.index(), this.#capture.clock, seqs, request);
  }
}
