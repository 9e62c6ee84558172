/**
 * What the store process serves: open captures by handle, every answer a Result.
 * The methods are those of contract/api.ts's StoreApi, without the promise.
 */
import type { StoreApi } from '#contract/api.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { ClockSample } from '#contract/clock.ts';
import type { SavedImage } from '#contract/image.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import type { ExportPlace, ExportRequest, ExportStep } from '#contract/row-export.ts';
import type { VerifyStep } from '#contract/seal.ts';
import { asFailure, type Completeness } from '../capture/open.ts';
import { standingOf } from '../capture/standing.ts';
import { REFERENCE } from '../reference/reference.ts';
import { OpenedCapture } from './open-capture.ts';

/** An open capture as far as the store knows it. */
export interface OpenedFacts {
  readonly handle: string;
  readonly info: CaptureInfo;
  readonly clock: readonly ClockSample[];
}

type Synchronous<Method> = Method extends (...args: infer Args) => Promise<infer Answer>
  ? (...args: Args) => Answer
  : never;

export type Store = { [Verb in keyof StoreApi]: Synchronous<StoreApi[Verb]> } & {
  /** Opens a file; nothing about it changes. */
  open(path: string): Result<OpenedFacts>;
  /** How a file stands, without opening it. */
  standing(path: string): Result<Completeness>;
  /** Lets go of a capture; an unknown handle is fine. */
  close(handle: string): Result<null>;
  /** New rows of a growing capture: the facts anew, or null where nothing has changed. */
  refresh(handle: string): Result<OpenedFacts | null>;
  /**
   * Walks the seal for a tenth of a second and tells how far it came; asked again, it goes on, and it is given up by not
   * asking again. `restart` begins anew.
   */
  verifyStep(handle: string, restart: boolean): Result<VerifyStep>;
  /** Writes rows to a file for a tenth of a second and tells how far it came, as `verifyStep` does. */
  exportStep(handle: string, request: ExportRequest, place: ExportPlace, restart: boolean): Result<ExportStep>;
  /** Writes the exact bytes of a kept image; what is there already is replaced, as its owner has agreed to. */
  saveImage(handle: string, sha256: string, path: string): Result<SavedImage>;
  /** Goes on with what open captures have not read yet, for a moment. Returns whether there is more to do. */
  work(): boolean;
  closeAll(): void;
};

/** How long work in between lasts before requests are looked at again, in milliseconds. */
const WORK_MS = 30;

/** How long a capture is read before it is told what is in it, in milliseconds. */
const OPEN_MS = 100;

/** @param helper what runs in threads that help with captures; absent: they are read by one */
export function createStore(helper?: URL): Store {
  const captures = new Map<string, OpenedCapture>();
  let last = 0;

  function guarded<T>(path: string, work: () => T): Result<T> {
    try {
      return ok(work());
    } catch (error) {
      const { failure } = asFailure(error, path);
      return { ok: false, error: failure };
    }
  }

  function within<T>(handle: string, work: (capture: OpenedCapture) => T): Result<T> {
    const capture = captures.get(handle);
    if (!capture) return fail('no-such-row', 'this capture is not open any more');
    return guarded(capture.path, () => work(capture));
  }

  const facts = (handle: string, capture: OpenedCapture): OpenedFacts => ({
    handle,
    info: capture.info(),
    clock: capture.clock(),
  });

  return {
    open: (path) =>
      guarded(path, () => {
        const capture = new OpenedCapture(path, 'stepwise', helper);
        try {
          // Most captures are read whole in that time, and told at once.
          capture.work(OPEN_MS);
          const handle = String(++last);
          const opened = facts(handle, capture);
          captures.set(handle, capture);
          return opened;
        } catch (error) {
          capture.close();
          throw error;
        }
      }),
    standing: (path) => guarded(path, () => standingOf(path)),
    close: (handle) => {
      captures.get(handle)?.close();
      captures.delete(handle);
      return ok(null);
    },
    refresh: (handle) => within(handle, (capture) => (capture.refresh() ? facts(handle, capture) : null)),
    saveImage: (handle, sha256, path) => within(handle, (capture) => capture.saveImage(sha256, path)),
    work: () => {
      for (const capture of captures.values()) {
        const more = guarded(capture.path, () => capture.work(WORK_MS));
        // A capture that cannot be read any further says so when it is asked.
        if (more.ok && more.value) return true;
      }
      return false;
    },
    closeAll: () => {
      for (const capture of captures.values()) capture.close();
      captures.clear();
    },
    captureInfo: (handle) => within(handle, (capture) => capture.info()),
    attempts: (handle, page) => within(handle, (capture) => capture.attempts(page)),
    events: (handle, page) => within(handle, (capture) => capture.events(page)),
    attempt: (handle, callId) => within(handle, (capture) => capture.attempt(callId)),
    attemptStory: (handle, callId) => within(handle, (capture) => capture.attemptStory(callId)),
    event: (handle, seq) => within(handle, (capture) => capture.event(seq)),
    attemptIndex: (handle, callId, order) => within(handle, (capture) => capture.attemptIndex(callId, order)),
    eventIndex: (handle, seq, order) => within(handle, (capture) => capture.eventIndex(seq, order)),
    readFilter: (handle, table, text) => within(handle, (capture) => capture.readFilter(table, text)),
    completeFilter: (handle, table, text, caret) =>
      within(handle, (capture) => capture.completeFilter(table, text, caret)),
    firstMatches: (handle, table, filters, seqs) =>
      within(handle, (capture) => capture.firstMatches(table, filters, seqs)),
    timeline: (handle, request) => within(handle, (capture) => capture.timeline(request)),
    verifyStep: (handle, restart) => within(handle, (capture) => capture.verifyStep(restart)),
    exportStep: (handle, request, place, restart) =>
      within(handle, (capture) => capture.exportStep(request, place, restart)),
    images: (handle) => within(handle, (capture) => capture.imageList()),
    imageUse: (handle, sha256) => within(handle, (capture) => capture.imageUse(sha256)),
    roster: (handle, request) => within(handle, (capture) => capture.roster(request)),
    rosterIndex: (handle, id, order) => within(handle, (capture) => capture.rosterIndex(id, order)),
    lineage: (handle, request) => within(handle, (capture) => capture.lineage(request)),
    lineageIndex: (handle, id, view) => within(handle, (capture) => capture.lineageIndex(id, view)),
    reference: () => ok(REFERENCE),
  };
}
