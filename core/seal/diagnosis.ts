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
  /** Whether another part, further on, names this commit or an earlier one. */
  readonly hasStray: boolean;
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

/** Parts come in the order of the tables; the first one that stands before one that belongs before it is out of place. */
function outOfOrder(parts: readonly Part[]): WrongRow | undefined {
  const places = parts.map(({ table }) => sealedTables().findIndex(({ name }) => name === table));
  const unknown = parts[places.indexOf(-1)];
  if (unknown) return sealPart(unknown.id, 'changed');
  const first = parts.find((_, at) => places.slice(at + 1).some((place) => place <= (places[at] ?? -1)));
  return first && sealPart(first.id, 'order');
}

function unfit({ parts, walk, seal }: BrokenCommit): WrongRow | undefined {
  for (const part of parts) {
    const { fits, fault } = walk(part);
    if (fits) continue;
    // What the recording says of itself is part of the first commit's digest, and of its rows.
    const isRow = seal.id === 1n && part.table === 'capture' && fault?.what === 'changed';
    return isRow ? fault : sealPart(part.id, 'changed');
  }
  return undefined;
}

/** The first wrong row of a commit whose digest is not what its rows make it. */
export function diagnose(broken: BrokenCommit): WrongRow {
  const { previous, seal, parts, following, firstPart, hasStray, isLast } = broken;
  const missing = gap(broken);
  if (missing !== undefined) return sealPart(missing, 'missing');
  const named = misnamed(broken);
  if (named) return named;
  const wrong = outOfOrder(parts) ?? unfit(broken);
  if (wrong) return wrong;
  const sum = parts.reduce((total, { rows }) => total + rows, 0n);
  if (commitDigest(previous, seal, parts, sum).equals(seal.digest)) return sealRow(seal.id, 'changed');
  const [next] = following;
  if (next && hasStray) return sealPart(next.id, 'order');
  if (isLast && broken.uncovered(parts)) return sealPart(firstPart + BigInt(parts.length), 'missing');
  return sealRow(seal.id, isLast && parts.length === 0 ? 'inserted' : 'changed');
}
