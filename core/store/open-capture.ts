/** One open capture with everything that is kept for it while it is open. */
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { ClockSample } from '#contract/clock.ts';
import type { Event } from '#contract/event.ts';
import type { FilterCompletions, FilterReading, FilterTable } from '#contract/filter.ts';
import type { ImageList, ImageName, ImageRow, ImageUse, SavedImage } from '#contract/image.ts';
import type { LineageRequest, LineageRow, LineageView } from '#contract/lineage.ts';
import type { AttemptColumn, EventColumn, Page, PageRequest, Progress, RowOrder } from '#contract/page.ts';
import type { ExportPlace, ExportRequest, ExportStep } from '#contract/row-export.ts';
import type { RosterOrder, RosterPage, RosterRequest } from '#contract/roster.ts';
import type { VerifyStep } from '#contract/seal.ts';
import type { Timeline, TimelineRequest } from '#contract/timeline.ts';
import { attemptOrder, timeOrder, verdictOrder } from '../attempt/attempt-order.ts';
import type { Survey } from '../attempt/survey.ts';
import type Database from 'better-sqlite3';
import { Attempts } from '../attempt/attempts.ts';
import { attemptStory } from '../attempt/story.ts';
import { digestOrNone, integer, small, type Row } from '../capture/columns.ts';
import { definedOnly } from '../capture/defined.ts';
import { EventReader } from '../capture/events.ts';
import { CaptureError } from '../capture/failure.ts';
import { boundsOf } from '../capture/interval.ts';
import { readInfo } from '../capture/info.ts';
import { noticeEnd, openCapture, refreshCapture, type Capture } from '../capture/open.ts';
import { pageFileOf, type PageFile } from '../capture/page-file.ts';
import { ReadAhead } from '../capture/read-ahead.ts';
import { FORMAT_VERSION } from '../capture/schema.ts';
import { Filters } from '../filter/filters.ts';
import { asksVerdicts, waitsForVerdicts } from '../filter/judged.ts';
import type { Texts } from '../filter/sets.ts';
import { firstMatches } from '../filter/first-match.ts';
import { HeldTexts } from '../texts/held-texts.ts';
import { IndexedTexts } from '../texts/indexed-texts.ts';
import { PageSearch } from '../texts/page-search.ts';
import { HelperThread } from '../helper/thread.ts';
import { findImage } from '../image/find-image.ts';
import { imageRows } from '../image/image-rows.ts';
import { readImage } from '../image/read-image.ts';
import { keptImage, saveImage } from '../image/save-image.ts';
import { SealWalk } from '../seal/verify.ts';
import { eventOrder, naturalOrder } from '../survey/event-order.ts';
import { OrderBuild, type OrderQuery, type RowList, type StepwiseCondition } from '../survey/order-build.ts';
import { FoundList } from '../survey/found-list.ts';
import { IndexedList, isMarkable } from '../survey/indexed-list.ts';
import { MatchList } from '../survey/match-list.ts';
import type { Buildable } from '../survey/kept-list.ts';
import { Orders } from '../survey/orders.ts';
import { RowExport, type ExportSource } from '../transfer/row-export.ts';
import { Tallies } from './tallies.ts';
import { Unread } from '../timeline/unread.ts';
import { callerReader, type CallerOf } from '../timeline/process-lanes.ts';
import { Silences } from '../timeline/silences.ts';
import { buildTimeline } from '../timeline/timeline.ts';

/** How long one step of long work takes: others wait no longer than that. */
const STEP_MS = 100;

/** How long an answer works on what it shows before it is given with what is known. */
const ANSWER_MS = 40;

/** How much longer, where there is nothing to show yet: who asked would only ask again. */
const EMPTY_MS = 40;

/** After so many milliseconds it is looked whether what is asked for was found. */
const SLICE_MS = 2;

/** How long a list is made alone while the capture is being read, in milliseconds. */
const ALONE_MS = 8000;

/** How long what others wait for is brought on at a stretch, in milliseconds. */
const BRING_MS = 5;

/** In place of how many rows are to be shown: whoever asks how many there are is not to be a reason to look for them. */
const AS_IT_IS = -Infinity;

const wanted = ({ start, limit }: PageRequest<string>): number => (limit === 0 ? AS_IT_IS : start + limit);

function noCall(callId: number): CaptureError {
  return new CaptureError('no-such-row', `there is no call ${String(callId)} in this capture`);
}

function noEvent(seq: number): CaptureError {
  return new CaptureError('no-such-row', `there is no event ${String(seq)} in this capture`);
}

/**
 * 'whole': every answer is of the whole capture, and the first one waits until it was read. 'stepwise': answers are of what
 * was read, say how far that is, and come at once; `work` goes on in between.
 */
export type Reading = 'whole' | 'stepwise';

export class OpenedCapture {
  readonly #capture: Capture;
  readonly #reading: Reading;
  readonly #reader: EventReader;
  readonly #attempts: Attempts;
  readonly #filters: Filters;
  readonly #texts: HeldTexts;
  readonly #pages: PageFile | undefined;
  readonly #ahead: ReadAhead | undefined;
  readonly #helper: HelperThread | undefined;
  readonly #tallies: Tallies;
  readonly #unread: Unread;
  readonly #silences: Silences;
  readonly #callerOf: CallerOf;
  readonly #attemptOrders: Orders<AttemptColumn>;
  readonly #eventOrders: Orders<EventColumn>;
  readonly #ns: Database.Statement<[bigint], bigint>;
  #walk: SealWalk | undefined;
  #export: RowExport | undefined;
  /** SQLite's mark of what others have committed: of what is kept here, and of what `refresh` has told. */
  #keptVersion: unknown;
  #toldVersion: unknown;
  /** How far the capture was read when its facts were told last; undefined where that was to the end. */
  #toldDone: number | undefined;
  /** What the lists that are kept were judged by. */
  #mark = 0;
  /** Filters that cannot be answered before everything was read. */
  readonly #waiting = new Set<string>();
  /** Whether everything was read once: from then on there is only what a recorder adds. */
  #wasRead = false;

  /**
   * @param helper what runs in a thread that helps, where there is one
   * @throws CaptureError
   */
  constructor(path: string, reading: Reading = 'whole', helper?: URL) {
    const capture = openCapture(path);
    this.#capture = capture;
    this.#reading = reading;
    try {
      this.#reader = new EventReader(capture);
      this.#attempts = new Attempts(capture, this.#reader);
      this.#filters = new Filters(capture, this.#attempts);
      this.#texts = new HeldTexts(capture.database, this.#attempts.survey);
      this.#filters.texts = this.#knownTexts();
      this.#ns = capture.database.prepare<[bigint], bigint>('SELECT ns FROM event WHERE seq = ?').pluck();
    } catch (error) {
      capture.close();
      throw error;
    }
    // Whoever waits for the whole gives the system no time to read anything else.
    const pages = (this.#pages = reading === 'stepwise' ? pageFileOf(capture) : undefined);
    this.#ahead = this.#filters.ahead = pages && new ReadAhead(pages);
    if (pages && helper) {
      const { descriptor, pageSize } = pages;
      this.#helper = this.#filters.helper = new HelperThread(helper, { file: capture.file, descriptor, pageSize });
    }
    this.#filters.file = pages;
    this.#filters.pages = pages && new PageSearch(pages, capture.database, this.#helper);
    this.#unread = new Unread(capture.database);
    this.#silences = new Silences(capture.database);
    this.#callerOf = callerReader(capture.database);
    this.#tallies = new Tallies(capture, this.#attempts, (sha256) => this.imageBytes({ sha256 }).bytes);
    this.#attemptOrders = new Orders((order) =>
      this.#build(order, 'attempts', 'time', (filter) => attemptOrder(order, filter, this.#survey.list)),
    );
    this.#eventOrders = new Orders((order) =>
      this.#build(order, 'events', 'seq', (filter) => eventOrder(order, filter)),
    );
    this.#keptVersion = this.#toldVersion = this.#dataVersion();
  }

  /** Whether there are the indexes that the newest format has. */
  get #isIndexed(): boolean {
    return this.#capture.format === FORMAT_VERSION;
  }

  /** Texts in memory where they are there, otherwise what an index tells of them. */
  #knownTexts(): Texts {
    const indexed = this.#isIndexed ? new IndexedTexts(this.#capture.database) : undefined;
    return { find: (probe) => this.#texts.find(probe) ?? indexed?.find(probe) };
  }

  get path(): string {
    return this.#capture.path;
  }

  close(): void {
    this.#export?.abandon();
    this.#tallies.end();
    this.#ahead?.end();
    this.#helper?.end();
    this.#capture.close();
  }

  #dataVersion(): unknown {
    return this.#capture.database.pragma('data_version', { simple: true });
  }

  /**
   * All that one answer says is of one moment, even while a recorder goes on writing.
   * @param of 'rows' where it tells what stands in single rows, which also a capture has that cannot be read any further
   * @throws CaptureError what ended the reading, so that a part is never taken for the whole
   */
  #read<T>(work: () => T, of: 'all' | 'rows' = 'all'): T {
    return this.#capture.database.transaction(() => {
      const version = this.#dataVersion();
      if (version !== this.#keptVersion) {
        this.#keptVersion = version;
        refreshCapture(this.#capture);
        this.#survey.grow();
        this.#texts.grow();
        this.#tallies.grow();
        this.#age();
      }
      if (of === 'rows') return work();
      if (this.#survey.failure) throw this.#survey.failure;
      // Whoever asks is not to wait for what `work` does in between.
      if (this.#survey.progress && this.#reading === 'whole') this.#survey.step(Infinity);
      else if (this.#survey.progress && this.#survey.events === 0) this.#survey.step(ANSWER_MS);
      const mark = this.#survey.mark;
      if (mark !== this.#mark) {
        this.#mark = mark;
        if (this.#wasRead) this.#age();
        else this.#forgetFirst();
      }
      return work();
    })();
  }

  /** What was worked out is not of all rows. Whoever looks at a recording sees what there is until there is more. */
  #age(): void {
    for (const orders of [this.#attemptOrders, this.#eventOrders]) {
      if (this.#reading === 'stepwise' && this.#wasRead) orders.age();
      else orders.forget();
    }
  }

  /** More is known of a capture that is being read for the first time. */
  #forgetFirst(): void {
    this.#wasRead = !this.#survey.progress;
    if (this.#wasRead) this.#waiting.clear();
    // What is not finished is made quicker another way once everything was read.
    for (const orders of [this.#attemptOrders, this.#eventOrders]) orders.renew(this.#wasRead);
  }

  /** @param isIndexed whether indexes may answer it */
  #condition({ filter }: RowOrder<string>, table: FilterTable, isIndexed: boolean): StepwiseCondition | undefined {
    return filter === undefined ? undefined : this.#patient(this.#filters.stepwise(filter, table), filter, isIndexed);
  }

  /**
   * The same, where it asks many texts: what brings these into memory goes first. Indexes answer before, unless the condition
   * turns out to depend on what is judged.
   * @param text the filter's
   */
  #patient(filter: StepwiseCondition, text: string, isIndexed: boolean): StepwiseCondition {
    if (!filter.isBroad || this.#reading === 'whole') return filter;
    const waiting = this.#waiting;
    let isWaiting = !isIndexed || waiting.has(text);
    const bring = (): boolean =>
      this.#survey.progress ? this.#survey.step(BRING_MS) && false : this.#texts.step(BRING_MS, this.#grows);
    const wait = function* (): Generator<void> {
      isWaiting = true;
      waiting.add(text);
      while (!bring()) yield;
    };
    return {
      ...filter,
      get isWaiting() {
        return isWaiting;
      },
      *find() {
        while (isWaiting && !bring()) yield;
        return yield* filter.find(function* (known, isWhole) {
          if (!isWaiting && waitsForVerdicts(known, isWhole)) yield* wait();
        });
      },
      wait,
    };
  }

  /** Whether a recorder adds rows. */
  get #grows(): boolean {
    return this.#capture.completeness === 'recording';
  }

  get #survey(): Survey {
    return this.#attempts.survey;
  }

  /** @param natural the column by which the rows stand as they were read */
  #build<Column extends string>(
    order: RowOrder<Column>,
    table: FilterTable,
    natural: Column,
    query: (filter: StepwiseCondition | undefined) => OrderQuery,
  ): Buildable {
    const { database } = this.#capture;
    const { range, held, list, progress } = this.#survey;
    const isNatural = order.sort === natural;
    const isRead = this.#wasRead || !progress;
    const isIndexed = !isRead && isNatural && this.#isIndexed && isMarkable(range);
    const filter = this.#condition(order, table, isIndexed);
    if (filter && isNatural && isRead) {
      const within = order.within && boundsOf(order.within);
      const calls = table === 'attempts' ? list : undefined;
      return new MatchList(database, held, {
        filter,
        within,
        descending: order.descending,
        calls,
        helper: this.#helper,
      });
    }
    const { descending } = order;
    const within = order.within && boundsOf(order.within);
    const made = (by: StepwiseCondition | undefined): Buildable =>
      by && table === 'events' && isNatural
        ? new FoundList(
            database,
            { filter: by, range, descending, within },
            { ahead: this.#ahead, helper: this.#helper },
          )
        : new OrderBuild(database, query(by), { first: range[0], last: range[1] }, this.#ahead);
    if (!filter || !isIndexed || (asksVerdicts(filter.first.where) && !filter.isBroad)) return made(filter);
    return new IndexedList(database, {
      ...{
        filter,
        range,
        descending,
        within,
        calls: table === 'attempts',
        other: made,
        ahead: this.#ahead,
        file: this.#pages,
        helper: this.#helper,
      },
    });
  }

  /**
   * A list that is asked for: whole, or as far as it is known.
   * @param rows that are to be shown: to have them it is gone on with for a moment, but for AS_IT_IS. Of Infinity the list
   *   stays as it is while the capture grows.
   */
  #known<Column extends string>(orders: Orders<Column>, order: RowOrder<Column>, rows: number): RowList {
    const list = orders.list(order);
    if (list.progress && this.#reading === 'whole') list.step(Infinity);
    else if (rows !== AS_IT_IS && !list.isThere) {
      // What a filter keeps is shown at once; of an order, the more rows were read, the more of the first ones stay so. Who
      // asks for one row, as alarms do, wants to know how many there are.
      const isShown = order.filter !== undefined && rows > 1;
      list.bring(rows - 1, ANSWER_MS, isShown ? SLICE_MS : ANSWER_MS);
      if (isShown) list.bring(0, EMPTY_MS, SLICE_MS);
    }
    return rows === Infinity ? list.current : list;
  }

  #attemptList(order: RowOrder<AttemptColumn>, rows = 0): RowList {
    const { list, progress } = this.#survey;
    const isKnown = order.filter === undefined && (order.sort === 'time' || order.sort === 'verdict');
    if (!isKnown) return this.#known(this.#attemptOrders, order, rows);
    this.#attemptOrders.giveUp();
    return order.sort === 'time'
      ? timeOrder(list, order, progress)
      : verdictOrder(list, order, progress, rows === Infinity);
  }

  #isAsRecorded({ sort, filter, within }: RowOrder<EventColumn>): boolean {
    return sort === 'seq' && filter === undefined && within === undefined;
  }

  #eventList(order: RowOrder<EventColumn>, rows = 0): RowList {
    const [first, last] = this.#survey.range;
    // Whether there are gaps is known at the survey's end; a recorder leaves none.
    if (!this.#isAsRecorded(order) || !this.#survey.dense) return this.#known(this.#eventOrders, order, rows);
    this.#eventOrders.giveUp();
    return naturalOrder(first, last, order.descending);
  }

  /**
   * Goes on with what is not finished, for that many milliseconds at most, and a bit.
   * @returns whether there is more to do
   */
  work(milliseconds: number): boolean {
    const through = (): boolean => {
      const surveyed = !this.#survey.progress;
      const share = surveyed ? milliseconds : milliseconds * this.#shareOfLists;
      const ordered = this.#attemptOrders.step(share, surveyed) && this.#eventOrders.step(share, surveyed);
      // Less than nothing is not even a piece: what is read is news, and whoever is told of it asks for everything anew.
      if (!surveyed && share < milliseconds) this.#survey.step(milliseconds - share);
      return surveyed && ordered && this.#texts.step(milliseconds, this.#grows);
    };
    return !this.#read(through);
  }

  /** How much of the time lists get while the capture is being read. */
  get #shareOfLists(): number {
    // What a recorder adds is to be seen at once.
    if (this.#wasRead || this.#grows) return 1 / 2;
    // Who looks for something is not to wait until everything was read: most of it is found in a moment, and has that for itself.
    const spent = this.#attemptOrders.spent(false) ?? this.#eventOrders.spent(false);
    return spent !== undefined && spent < ALONE_MS ? 1 : 5 / 6;
  }

  /** Looks for new rows of a growing capture, and how far reading is. Returns whether there is something to tell. */
  refresh(): boolean {
    return this.#read(() => {
      const before = this.#capture.completeness;
      const written = this.#toldVersion !== this.#keptVersion;
      if (!written) noticeEnd(this.#capture);
      // What was recorded since the last look is read in a moment, and told with this one.
      if (before === 'recording' && this.#survey.progress) this.#survey.step(ANSWER_MS);
      const { progress } = this.#survey;
      const grown = written || this.#capture.completeness !== before;
      const news = grown || progress?.done !== this.#toldDone;
      this.#toldVersion = this.#keptVersion;
      return news;
    });
  }

  info(): CaptureInfo {
    return this.#read(() => {
      const info = readInfo(this.#capture, this.#survey);
      this.#toldDone = info.progress?.done;
      return info;
    });
  }

  clock(): ClockSample[] {
    return this.#read(() => this.#capture.clock.samples(), 'rows');
  }

  /** How far reading is, for what depends on verdicts; of nothing where it came to its end within this very answer. */
  get #unjudged(): Progress | undefined {
    return this.#survey.progress ?? (this.#survey.mark === this.#mark ? undefined : { done: 0, of: 0 });
  }

  /**
   * The rows of a page that have a place already.
   * @param judged whether the rows themselves say what became of a call: then they are not final before the survey is
   */
  #page<Row>(
    { start, limit }: Pick<PageRequest<string>, 'start' | 'limit'>,
    list: RowList,
    judged: boolean,
    row: (seq: bigint) => Row | undefined,
  ) {
    const rows: Row[] = [];
    const from = start < 0 ? Math.max(list.size + start, 0) : start;
    for (let index = from; index < from + limit; index++) {
      const seq = list.at(index);
      if (seq === undefined) break;
      const found = row(BigInt(seq));
      if (found !== undefined) rows.push(found);
    }
    const isExact = (!list.progress || list.isCounted === true) && !list.isJudged;
    const progress = list.progress ?? (judged || list.isJudged ? this.#unjudged : undefined);
    const counted = progress && isExact ? true : undefined;
    const isSettled = list.isSteady === true && !judged && rows.length === limit;
    const settled = progress && isSettled ? true : undefined;
    return definedOnly<Page<Row>>({ start: from, rows, total: list.size, progress, counted, settled });
  }

  attempts(page: PageRequest<AttemptColumn>): Page<Attempt> {
    return this.#read(() =>
      this.#page(page, this.#attemptList(page, wanted(page)), true, (seq) => this.#attempts.get(seq)),
    );
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
      const seq = this.#attempts.seqOf(callId);
      const index = seq === undefined ? -1 : this.#indexIn(this.#attemptList(order), seq);
      if (index < 0) throw noCall(callId);
      return index;
    });
  }

  #indexIn(list: RowList, seq: bigint): number {
    const ns = this.#ns.get(seq);
    return ns === undefined ? -1 : list.indexOf(Number(seq), ns);
  }

  events(page: PageRequest<EventColumn>): Page<Event> {
    // As they were recorded, events can be looked at also where not all of them can be judged.
    const of = this.#survey.failure && this.#isAsRecorded(page) ? 'rows' : 'all';
    return this.#read(
      () => this.#page(page, this.#eventList(page, wanted(page)), false, (seq) => this.#reader.get(seq)),
      of,
    );
  }

  event(seq: number): Event {
    return this.#read(() => {
      const event = this.#reader.get(BigInt(seq));
      if (!event) throw noEvent(seq);
      return event;
    }, 'rows');
  }

  eventIndex(seq: number, order: RowOrder<EventColumn>): number {
    return this.#read(() => {
      const index = this.#indexIn(this.#eventList(order), BigInt(seq));
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

  firstMatches(table: FilterTable, filters: readonly string[], seqs: readonly number[]): number[] {
    return this.#read(() => firstMatches(this.#capture.database, this.#filters, table, filters, seqs));
  }

  saveImage(sha256: string, path: string): SavedImage {
    const { database } = this.#capture;
    return this.#read(() => saveImage(database, keptImage(database, sha256), path, { replace: true }), 'rows');
  }

  /** Writes an image to a new file. */
  extractImage(name: ImageName, path: string, partial: boolean): SavedImage {
    const { database } = this.#capture;
    return this.#read(() => saveImage(database, findImage(database, name), path, { replace: false, partial }), 'rows');
  }

  /** The bytes of a kept image, in memory. */
  imageBytes(name: ImageName): { readonly bytes: Buffer; readonly sha256: string } {
    const { database } = this.#capture;
    return this.#read(() => {
      const row = findImage(database, name);
      return { bytes: readImage(database, row), sha256: digestOrNone(row, 'sha256')?.toString('hex') ?? 'incomplete' };
    }, 'rows');
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

  /** Whole, for the command line. */
  images(): ImageRow[] {
    return this.#read(() => imageRows(this.#capture.database, this.#capture.clock));
  }

  imageList(): ImageList {
    return this.#read(() => this.#tallies.imageList());
  }

  imageUse(sha256: string): ImageUse {
    return this.#read(() => this.#tallies.imageUse(sha256));
  }

  /** Goes on with the walk over the seal for a tenth of a second; begins one where there is none. */
  verifyStep(restart: boolean): VerifyStep {
    return this.#read(() => {
      if (restart || !this.#walk) this.#walk = new SealWalk(this.#capture);
      const step = this.#walk.step(STEP_MS);
      if ('verdict' in step) this.#walk = undefined;
      return step;
    }, 'rows');
  }

  /** Goes on with writing rows to a file for a moment; `restart` begins anew. What ends before its end leaves no file. */
  exportStep(request: ExportRequest, place: ExportPlace, restart: boolean): ExportStep {
    if (restart) this.#export?.abandon();
    if (restart || !this.#export) this.#export = new RowExport(request, place, this.#exported(request));
    const begun = this.#export;
    this.#export = undefined;
    const step = this.#read(() => begun.step(STEP_MS));
    if ('progress' in step) this.#export = begun;
    return step;
  }

  #exported({ table, order }: ExportRequest): ExportSource {
    const attempts = table === 'attempts';
    return {
      find: () => {
        const list = attempts ? this.#attemptList(order, Infinity) : this.#eventList(order, Infinity);
        const unread = attempts || list.isJudged ? this.#unjudged : undefined;
        if (unread) this.#survey.step(STEP_MS);
        return { list, progress: list.progress ?? unread };
      },
      row: (seq) => (attempts ? this.#attempts.get(seq) : this.#reader.get(seq)),
    };
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
          unread: this.#unread,
          silences: this.#silences,
          callerOf: this.#callerOf,
        },
        request,
      );
    });
  }
}
