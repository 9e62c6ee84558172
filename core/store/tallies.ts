/** What is counted over all attempts of one open capture: the roster and the tree of processes, a step at each question. */
import type { LineageRequest, LineageRow, LineageView } from '#contract/lineage.ts';
import type { ImageList, ImageUse } from '#contract/image.ts';
import type { Interval, Page } from '#contract/page.ts';
import type { RosterOrder, RosterPage, RosterRequest } from '#contract/roster.ts';
import { timeOrder } from '../attempt/attempt-order.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Judge } from '../attempt/judge.ts';
import type { Survey } from '../attempt/survey.ts';
import { CaptureError } from '../capture/failure.ts';
import { Files } from '../capture/files.ts';
import { definedOnly } from '../capture/defined.ts';
import type { Capture } from '../capture/open.ts';
import { countImages, type ImageCounting } from '../image/image-rows.ts';
import { inSight, type InSight, type PathOf } from '../lineage/in-sight.ts';
import { growLineage, type Lineage } from '../lineage/lineage.ts';
import { lineageRow } from '../lineage/rows.ts';
import { Ids, MOST_GROUPS, type Group } from '../roster/groups.ts';
import { ordered, rosterRow } from '../roster/page.ts';
import { countRoster, type Roster } from '../roster/roster.ts';
import { Signers } from '../roster/signers.ts';
import type { Scope } from '../tally/calls.ts';
import { Stepped, type Stage } from '../tally/stepped.ts';

/** How long counting goes on at each question; putting together what is shown takes the rest of a tenth of a second. */
const STEP_MS = 50;

/** How long images are read after each question, while others are answered in between. */
const SIGNERS_MS = 60;

/** Of captures with more events the first ones are counted before the others, to have rows to show at once. */
const LARGE = 200_000;
const PREVIEW = 20_000;

/** Images are counted for so long at each question, and so much is kept and told of them. */
const IMAGES_MS = 50;
const OF_EACH_IMAGE = 500;
const TOLD_OF_EACH = { ids: 1, texts: 4 };
const LISTED_IMAGES = 10_000;
const FIRST_IMAGES = 200;

/** Paths that are at hand. */
const KEPT_PATHS = 50_000;

/** Made for the last question, and right for the next one where nothing has changed. */
class Last<Value> {
  #key: string | undefined;
  #value: Value | undefined;

  get(key: string, make: () => Value): Value {
    if (this.#value === undefined || this.#key !== key) this.#value = make();
    this.#key = key;
    return this.#value;
  }
}

/** What was counted of the whole capture, and of the interval that was asked about last. */
class Kept<Value> {
  readonly #make: (within: Interval | undefined) => Stepped<Value>;
  #whole: Stepped<Value> | undefined;
  #part: { readonly key: string; readonly counted: Stepped<Value> } | undefined;

  constructor(make: (within: Interval | undefined) => Stepped<Value>) {
    this.#make = make;
  }

  of(within: Interval | undefined): Stepped<Value> {
    if (!within) return (this.#whole ??= this.#make(undefined));
    const key = JSON.stringify(within);
    if (this.#part?.key !== key) this.#part = { key, counted: this.#make(within) };
    return this.#part.counted;
  }

  forget(): void {
    this.#whole?.forget();
    this.#part?.counted.forget();
  }
}

export class Tallies {
  readonly #capture: Capture;
  readonly #signers: Signers;
  readonly #survey: Survey;
  /** What was counted is judged by. */
  #judge: Judge;
  readonly #rosters: Kept<Roster>;
  readonly #lineages: Kept<Lineage>;
  readonly #images: Stepped<ImageCounting>;
  readonly #order = new Last<readonly Group[]>();
  readonly #sight = new Last<InSight>();
  readonly #files: Files;
  readonly #paths = new Map<bigint, string | undefined>();

  /** @param bytesOf - of a kept image, by its SHA-256 */
  constructor(capture: Capture, attempts: Attempts, bytesOf: (sha256: string) => Uint8Array) {
    this.#capture = capture;
    this.#files = new Files(capture.database);
    this.#signers = new Signers(bytesOf);
    const ids = { images: new Ids(), names: new Ids() };
    this.#survey = attempts.survey;
    this.#judge = attempts.judge;
    this.#rosters = new Kept((within) => new Stepped((first) => countRoster(capture, this.#scope(first, within), ids)));
    const bounds = { images: MOST_GROUPS, ofEach: OF_EACH_IMAGE };
    this.#images = new Stepped(() => countImages(capture.database, bounds));
    this.#lineages = new Kept((within) => new Stepped(() => growLineage(capture, this.#scope(false, within))));
  }

  /** What can be counted now: before all facts are read that verdicts depend on, the events that the survey has read. */
  #scope(preview: boolean, within: Interval | undefined): Scope {
    const { judge, events, list, progress, range } = this.#survey;
    const [first, last] = range;
    if (within) {
      // Which calls lie in an interval is known of what was read.
      const calls = timeOrder(list, { sort: 'time', descending: false, within }, progress);
      return { judge, list: calls, ...(progress ? { preview: true } : {}) };
    }
    if (this.#isEarly) return { judge, end: BigInt(first + events - 1), preview: true };
    return preview && last - first > LARGE ? { judge, end: BigInt(first + PREVIEW), preview: true } : { judge };
  }

  get #isEarly(): boolean {
    return this.#survey.mark === 0 && this.#survey.progress !== undefined;
  }

  /** Goes on with one of both; what was judged by fewer facts, or before the capture grew, is counted again. */
  #go<Value>(counted: Stepped<Value>, milliseconds: number): Stage<Value> {
    if (this.#judge !== this.#survey.judge) {
      this.#judge = this.#survey.judge;
      this.#rosters.forget();
      this.#lineages.forget();
    }
    const stage = counted.go(milliseconds);
    return this.#isEarly ? { ...stage, progress: stage.progress ?? this.#survey.progress } : stage;
  }

  end(): void {
    this.#signers.end();
  }

  /** Images whose bytes tell who signed them. */
  #signed(roster: Roster): string[] {
    return roster.images.all.flatMap(({ kept, sha256 }) => (kept && sha256 !== undefined ? [sha256] : []));
  }

  #groups({ value, version }: Stage<Roster>, given: RosterOrder): readonly Group[] {
    const { grouping, sort, descending, text, within } = given;
    const order = {
      ...{ grouping, sort, descending },
      ...(text === undefined ? {} : { text }),
      ...(within ? { within } : {}),
    };
    const key = JSON.stringify([order, version, this.#signers.size]);
    return this.#order.get(key, () => ordered(value, order, this.#signers));
  }

  roster(request: RosterRequest): RosterPage {
    const stage = this.#go(this.#rosters.of(request.within), STEP_MS);
    const { value, progress } = stage;
    const groups = this.#groups(stage, request);
    const { start, limit } = request;
    const rows = groups
      .slice(start, start + limit)
      .map((group) => rosterRow(group, value, this.#capture.clock, this.#signers));
    const signed = progress ? [] : this.#signed(value);
    const due = signed.length > this.#signers.size;
    if (due) void this.#signers.go(signed, SIGNERS_MS);
    return {
      ...{ start, rows, total: groups.length },
      ...(progress ? { progress } : {}),
      ...((request.grouping === 'image' ? value.images : value.names).rest ? { most: MOST_GROUPS } : {}),
      ...(due ? { signers: { done: this.#signers.size, of: signed.length } } : {}),
    };
  }

  /** Reads all that is still to be read of signers; for the command line. */
  async readSigners(): Promise<void> {
    const signed = this.#signed(this.#go(this.#rosters.of(undefined), 0).value);
    while (signed.length > this.#signers.size) await this.#signers.go(signed, Infinity);
  }

  /** @throws CaptureError 'no-such-row' */
  rosterIndex(id: number, order: RosterOrder): number {
    const index = this.#groups(this.#go(this.#rosters.of(order.within), 0), order).findIndex(
      (group) => group.id === id,
    );
    if (index < 0) throw new CaptureError('no-such-row', `these rows hold none with the number ${String(id)}`);
    return index;
  }

  readonly #pathOf: PathOf = (file) => {
    if (this.#paths.has(file)) return this.#paths.get(file);
    if (this.#paths.size >= KEPT_PATHS) this.#paths.clear();
    const path = this.#files.get(file)?.path;
    this.#paths.set(file, path);
    return path;
  };

  #seen({ value, version }: Stage<Lineage>, { toggled, text, within, everything = false }: LineageView): InSight {
    const view = { toggled, everything, ...(text === undefined ? {} : { text }), ...(within ? { within } : {}) };
    return this.#sight.get(JSON.stringify([view, version]), () => inSight(value, view, this.#pathOf));
  }

  /** The capture has grown. */
  grow(): void {
    this.#images.forget();
  }

  /** The first ones while others are being counted, and then as many as a window lists. */
  imageList(): ImageList {
    const { value, progress } = this.#images.go(IMAGES_MS);
    const rows = value.rows(this.#capture.clock, progress ? FIRST_IMAGES : LISTED_IMAGES, TOLD_OF_EACH);
    return definedOnly<ImageList>({ rows, total: value.size, beyond: value.beyond || undefined, progress });
  }

  /** One of them. */
  imageUse(sha256: string): ImageUse {
    const { value, progress } = this.#images.go(IMAGES_MS);
    return definedOnly<ImageUse>({ row: value.row(sha256, this.#capture.clock), progress });
  }

  lineage(request: LineageRequest): Page<LineageRow> {
    const stage = this.#go(this.#lineages.of(request.within), STEP_MS);
    const { value, progress } = stage;
    const sight = this.#seen(stage, request);
    const { start, limit } = request;
    const nodes = sight.rows.subarray(start, start + limit);
    const rows = Array.from(nodes, (node) => lineageRow(value, node, sight, this.#capture.clock, this.#pathOf));
    return { start, rows, total: sight.rows.length, ...(progress ? { progress } : {}) };
  }

  /** @throws CaptureError 'no-such-row' where the process is not among what is shown */
  lineageIndex(id: number, view: LineageView): number {
    const index = this.#seen(this.#go(this.#lineages.of(view.within), 0), view).rows.indexOf(id);
    if (index < 0) throw new CaptureError('no-such-row', `process ${String(id)} is not shown`);
    return index;
  }
}
