/**
 * A job that is done by two at once: who asks and the helper each take the next piece that nobody has taken, so that both read what
 * was asked for ahead. Nobody waits for a helper that is not there yet, and what it does not answer is done without it.
 */
import { piecesOf, type Found, type IndexJobKind, type JobKind, type JobOf } from './jobs.ts';

/** Numbers that both can see. */
export const TAKEN = 0;
export const ANSWERED = 1;
export const HEARD = 2;
export const COUNTS = 3;

export interface Helper {
  /** Undefined where there is no help. */
  begin<Kind extends JobKind>(job: JobOf<Kind>, pieces: number): Errand<Kind> | undefined;
}

/** What the helper has found in a piece. */
export interface Answer<Kind extends JobKind> {
  readonly piece: number;
  readonly found: Found[Kind];
}

export interface Errand<Kind extends JobKind> {
  /** The next piece for who asks; undefined where all are taken. */
  next(): number | undefined;
  /** What the helper has found since that was asked last. */
  answers(): readonly Answer<Kind>[];
  /** Once all are taken: whether the helper still has some of them. Waits for a moment where it does. */
  isAwaited(): boolean;
  /** Pieces that the helper has taken, and does not answer any more. */
  left(): readonly number[];
}

/** Jobs of fewer pieces are done before a helper has heard of them; of more, nobody waits for the end. */
const FEW = 4;
const MOST = 1 << 20;

/**
 * Does a job with a helper, where there is one. Stops after each piece.
 * @param own does a piece
 * @param theirs takes what the helper has found in one: pieces come in any order
 */
export function* inShares<Kind extends JobKind>(
  helper: Helper | undefined,
  job: JobOf<Kind>,
  own: (piece: number) => void,
  theirs: (found: Found[Kind], piece: number) => void,
): Generator<void> {
  const pieces = piecesOf(job);
  const errand = pieces > FEW && pieces <= MOST ? helper?.begin(job, pieces) : undefined;
  const hear = (): void => {
    for (const { found, piece } of errand?.answers() ?? []) theirs(found, piece);
  };
  let alone = 0;
  const next = (): number | undefined => (errand ? errand.next() : alone < pieces ? alone++ : undefined);
  for (let piece = next(); piece !== undefined; piece = next()) {
    own(piece);
    hear();
    yield;
  }
  while (errand?.isAwaited() === true) {
    hear();
    yield;
  }
  hear();
  for (const piece of errand?.left() ?? []) {
    own(piece);
    yield;
  }
}

/** The same where both come to the same. */
export const inEqualShares = <Kind extends JobKind>(
  helper: Helper | undefined,
  job: JobOf<Kind>,
  work: (piece: number) => Found[Kind],
  take: (found: Found[Kind], piece: number) => void,
): Generator<void> =>
  inShares(
    helper,
    job,
    (piece) => {
      take(work(piece), piece);
    },
    take,
  );

/**
 * The same of the pages of an index. Returns false where one is not as SQLite writes it: then not all was taken, and the rest is left.
 * @param take what was found in a piece
 */
export function* throughIndex<Kind extends IndexJobKind>(
  helper: Helper | undefined,
  job: JobOf<Kind>,
  work: (piece: number) => Found[Kind],
  take: (found: NonNullable<Found[Kind]>) => void,
): Generator<void, boolean> {
  let isRead = true;
  const sharing = inEqualShares<Kind>(helper, job, work, (found) => {
    if (found) take(found);
    else isRead = false;
  });
  while (isRead && sharing.next().done !== true) yield;
  return isRead;
}
