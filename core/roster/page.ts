/** Rows of the roster, sorted, a page at a time. */
import type { ImageSigner, RosterOrder, RosterRow } from '#contract/roster.ts';
import { toWide } from '#contract/wide.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { definedOnly } from '../capture/defined.ts';
import { taintNames } from '../reference/taints.ts';
import { type Group, ImageGroup, NameGroup } from './groups.ts';
import type { Roster } from './roster.ts';
import type { Signers } from './signers.ts';

type Key = string | number | bigint | undefined;

/** Signers of one row that are listed. */
const MOST_SIGNERS = 8;

function imagesOf(group: Group): readonly ImageGroup[] {
  if (group instanceof ImageGroup) return group.sha256 === undefined ? [] : [group];
  return group instanceof NameGroup ? [...group.images] : [];
}

export const signerWords = (signer: ImageSigner): string => (signer.state === 'signed' ? signer.by : signer.state);

/** Distinct signers, and whether there are images that are still to be read. */
function signersOf(group: Group, signers: Signers): { found: ImageSigner[]; due: boolean } {
  const found = new Map<string, ImageSigner>();
  let due = false;
  for (const { sha256, kept } of imagesOf(group)) {
    if (!kept || sha256 === undefined) continue;
    const signer = signers.of(sha256);
    if (!signer) due = true;
    else if (found.size < MOST_SIGNERS) found.set(signerWords(signer), signer);
  }
  return { found: [...found.values()], due };
}

function keyOf(group: Group, { sort }: RosterOrder, signers: Signers): Key {
  switch (sort) {
    case 'name':
      return group.names.first;
    case 'attempts':
      return group.attempts;
    case 'first':
      return group.firstNs;
    case 'last':
      return group.lastNs;
    case 'live':
      return group.hidden ? Number.MAX_SAFE_INTEGER : group.live;
    case 'signer':
      return signersOf(group, signers).found.map(signerWords)[0];
    case 'taints':
      return group.taints === undefined ? undefined : taintNames(group.taints).join(', ');
    case 'by':
      return group.programs.first;
    case 'from':
      return group.paths.first;
    case 'sha256':
      return group instanceof ImageGroup ? group.sha256 : imagesOf(group)[0]?.sha256;
  }
}

function holds(group: Group, text: string, signers: Signers): boolean {
  const has = (words: string): boolean => words.toLowerCase().includes(text);
  return (
    [group.names, group.paths, group.programs].some((texts) => texts.has(has)) ||
    imagesOf(group).some(({ sha256 }) => sha256 !== undefined && has(sha256)) ||
    signersOf(group, signers).found.some((signer) => has(signerWords(signer)))
  );
}

/** Groups in the order of a column; absent values come last in both directions, equal ones keep theirs. */
export function ordered(roster: Roster, order: RosterOrder, signers: Signers): readonly Group[] {
  const groups: readonly Group[] = order.grouping === 'image' ? roster.images.all : roster.names.all;
  const text = order.text?.toLowerCase() ?? '';
  const kept = groups.filter(
    (group) => (!order.within || group.attempts > 0) && (text === '' || holds(group, text, signers)),
  );
  const keyed = kept.map((group, at) => ({ group, at, key: keyOf(group, order, signers) }));
  const direction = order.descending ? -1 : 1;
  keyed.sort((one, other) => {
    if (one.key === other.key) return direction * (one.at - other.at);
    if (one.key === undefined) return 1;
    if (other.key === undefined) return -1;
    return one.key < other.key ? -direction : direction;
  });
  return keyed.map(({ group }) => group);
}

export function rosterRow(group: Group, roster: Roster, clock: ClockMap, signers: Signers): RosterRow {
  const images = imagesOf(group);
  const rest = group === roster.images.rest || group === roster.names.rest;
  const only = images.length === 1 && !rest ? images[0] : undefined;
  const { found, due } = signersOf(group, signers);
  const { firstNs, lastNs, taints } = group;
  return definedOnly<RosterRow>({
    id: group.id,
    sha256: only?.sha256,
    size: only?.size,
    kept: only?.kept ?? false,
    images: images.length,
    rest: rest ? true : undefined,
    names: group.names.told(),
    paths: group.paths.told(),
    programs: group.programs.told(),
    attempts: group.attempts,
    calls: group.calls,
    verdicts: [...group.verdicts],
    firstTime: firstNs === undefined ? undefined : clock.time(firstNs),
    lastTime: lastNs === undefined ? undefined : clock.time(lastNs),
    firstNs: firstNs === undefined ? undefined : toWide(firstNs),
    lastNs: lastNs === undefined ? undefined : toWide(lastNs),
    taints: taints === undefined ? undefined : taintNames(taints),
    signers: found,
    signersDue: due ? true : undefined,
    live: group.live,
    hidden: group.hidden,
  });
}
