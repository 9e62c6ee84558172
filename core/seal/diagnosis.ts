/**
 * Which row of the seal itself is wrong, where a commit's digest does not fit. Parts are checked against the rows that
 * they cover; a part that fits them is right in all that the digest is made of.
 */
import type { WrongRow } from '#contract/seal.ts';
import { toWide } from '#contract/wide.ts';
import { commitDigest, type Part, type Seal } from './commits.ts';
import type { PartFinding } from './part-walk.ts';
import { sealedTables } from './tables.ts';

export interface BrokenCommit {
  readonly previous: Buffer;
  readonly seal: Seal;
  /** What names this commit, in order of ids, from the one that is expected on. */
  readonly parts: readonly Part[];
  /** Parts after them, as many as a commit can have. */
  readonly following: readonly Part[];
  /** Id that the first part must have. */
  readonly firstPart: bigint;
  /** All parts that name this commit, wherever they stand. */
  readonly named: readonly Part[];
  readonly isLast: boolean;
  /** What is found of a part's rows. */
  walk(part: Part): PartFinding;
  /** A row that no part covers, if the commit's parts are these. */
  uncovered(parts: readonly Part[]): boolean;
}

const sealPart = (id: bigint, what: WrongRow['what']): WrongRow => ({ table: 'seal_part', key: toWide(id), what });
const sealRow = (id: bigint, what: WrongRow['what']): WrongRow => ({ table: 'seal', key: toWide(id), what });

/** Where the ids do not follow one another, a part is missing. */
function gap({ parts, firstPart, following }: BrokenCommit): bigint | undefined {
  const ids = [...parts, ...following.slice(0, 1)].map(({ id }) => id);
  const at = ids.findIndex((id, place) => id !== firstPart + BigInt(place));
  return at < 0 ? undefined : firstPart + BigInt(at);
}

/** A part that names another commit than the one it was written for. */
function misnamed(broken: BrokenCommit): WrongRow | undefined {
  const { previous, seal, parts, following, isLast } = broken;
  const fits = (candidates: readonly Part[]): boolean => commitDigest(previous, seal, candidates).equals(seal.digest);
  const [next] = following;
  if (next && following.some((_, at) => fits([...parts, ...following.slice(0, at + 1)]))) {
    return sealPart(next.id, 'changed');
  }
  for (let count = parts.length - 1; count >= 0; count--) {
    const surplus = parts[count];
    if (surplus && fits(parts.slice(0, count))) return sealPart(surplus.id, isLast ? 'inserted' : 'changed');
  }
  return undefined;
}

/** Where a table stands in the order of the parts. */
function place({ table }: Part): number {
  return sealedTables().findIndex(({ name }) => name === table);
}

/** All parts of the commit are there, but not where they belong: the first place where another one stands. */
function outOfOrder({ previous, seal, parts, following, named, firstPart }: BrokenCommit): WrongRow | undefined {
  const sorted = [...named]
    .sort((a, b) => place(a) - place(b))
    .map((part, at) => ({ ...part, id: firstPart + BigInt(at) }));
  if (!commitDigest(previous, seal, sorted).equals(seal.digest)) return undefined;
  const there = [...parts, ...following];
  const wrong = sorted.find(({ digest, table, sealId }, at) => {
    const found = there[at];
    return !found || found.table !== table || found.sealId !== sealId || !found.digest.equals(digest);
  });
  return wrong && sealPart(wrong.id, 'order');
}

function unfit({ parts, walk, seal }: BrokenCommit): WrongRow | undefined {
  for (const part of parts) {
    const { fits, sound, fault } = walk(part);
    if (fits && sound && !fault) continue;
    // What the recording says of itself is part of the first commit's digest, and of its rows.
    const isRow = seal.id === 1n && part.table === 'capture' && fault?.what === 'changed';
    return isRow ? fault : sealPart(part.id, 'changed');
  }
  return undefined;
}

/** The first wrong row of a commit whose digest is not what its rows make it. */
export function diagnose(broken: BrokenCommit): WrongRow {
  const { previous, seal, parts, firstPart, isLast } = broken;
  const misplaced = misnamed(broken) ?? outOfOrder(broken);
  if (misplaced) return misplaced;
  const missing = gap(broken);
  if (missing !== undefined) return sealPart(missing, 'missing');
  const wrong = unfit(broken);
  if (wrong) return wrong;
  const sum = parts.reduce((total, { rows }) => total + rows, 0n);
  if (commitDigest(previous, seal, parts, sum).equals(seal.digest)) return sealRow(seal.id, 'changed');
  if (isLast && broken.uncovered(parts)) return sealPart(firstPart + BigInt(parts.length), 'missing');
  return sealRow(seal.id, isLast && parts.length === 0 ? 'inserted' : 'changed');
}
