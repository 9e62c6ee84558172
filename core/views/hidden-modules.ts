/**
 * Modules that hide: over all snapshots, what one view shows and another one lacks. What keeps ordinary modules out of
 * it, however many come and go, is in docs/decisions/0017-hidden-modules.md.
 */
import type { HiddenModule, ModuleView, ModuleWitness } from '#contract/hidden-module.ts';
import { toWide } from '#contract/wide.ts';
import type { Facts, ModuleChange } from '../attempt/facts.ts';
import type { ModuleChanges } from '../attempt/module-changes.ts';
import { lossesOfStages, type LossSearch } from '../attempt/losses.ts';
import { hexadecimal } from '../capture/columns.ts';
import { definedOnly } from '../capture/defined.ts';
import type { Capture } from '../capture/open.ts';
import { compare, type Lacking } from './compare.ts';
import { looks, type Look } from './looks.ts';
import { hidingText } from './words.ts';

/** One snapshot may be chance where it is not sure; so many in a row are none. */
const RUN = 3;

/** More are not listed: so many are no modules but a damaged or forged capture. */
const MOST = 1000;

interface Sighting {
  readonly first: Look;
  last: Look;
  /** Snapshots in a row, and the last one's place. */
  run: number;
  index: number;
  proven: boolean;
  name: string | undefined;
  readonly address: bigint | undefined;
  base: bigint | undefined;
  readonly seenIn: Set<ModuleWitness>;
  readonly missingFrom: Set<ModuleView>;
  readonly load: ModuleChange | undefined;
}

/** How many changes are walked through at a stretch. */
const STRETCH = 20_000;

/** Walks through loads and frees beside the snapshots, both in order of time. */
class Changes {
  readonly #all: ModuleChanges;
  /** By address: index of the load. */
  readonly alive = new Map<bigint, number>();
  #done = 0;

  constructor(all: ModuleChanges) {
    this.#all = all;
  }

  /** How many changes led to what is alive. */
  get count(): number {
    return this.#done;
  }

  /** Makes `alive` what was loaded before that moment and not freed until then; stops now and then. */
  *walkTo(ns: bigint): Generator<void> {
    const all = this.#all;
    for (; this.#done < all.size && all.nsAt(this.#done) < ns; this.#done++) {
      if (all.loadsAt(this.#done)) this.alive.set(all.addressAt(this.#done), this.#done);
      else this.alive.delete(all.addressAt(this.#done));
      if (this.#done % STRETCH === 0) yield;
    }
  }

  loads(): ModuleChange[] {
    return Array.from(this.alive.values(), (at) => this.#all.at(at)).filter((change) => change !== undefined);
  }

  loadAt(address: bigint): ModuleChange | undefined {
    const at = this.alive.get(address);
    return at === undefined ? undefined : this.#all.at(at);
  }

  /** Changes from the moment walked to last up to another one. */
  until(toNs: bigint): ModuleChange[] {
    const found: ModuleChange[] = [];
    for (let at = this.#done; at < this.#all.size && this.#all.nsAt(at) <= toNs; at++) {
      const change = this.#all.at(at);
      if (change) found.push(change);
    }
    return found;
  }
}

/** Whether what the views differ by may be that it came or went meanwhile. */
function isDisturbed({ name, address }: Lacking, meanwhile: readonly ModuleChange[]): boolean {
  return meanwhile.some((change) => (address === undefined ? change.name === name : change.address === address));
}

class Sightings {
  readonly #all = new Map<string, Sighting>();

  add(look: Look, index: number, lacking: Lacking, sure: boolean, load: ModuleChange | undefined): void {
    const { name, address, base } = lacking;
    const key =
      address === undefined ? `name ${name ?? hexadecimal(base ?? 0n)}` : `${hexadecimal(address)} ${name ?? ''}`;
    let sighting = this.#all.get(key);
    if (!sighting) {
      if (this.#all.size >= MOST) return;
      const seen = { seenIn: new Set<ModuleWitness>(), missingFrom: new Set<ModuleView>() };
      sighting = { first: look, last: look, run: 0, index, proven: false, name, address, base, load, ...seen };
      this.#all.set(key, sighting);
    }
    sighting.last = look;
    sighting.run = sighting.index === index - 1 ? sighting.run + 1 : 1;
    sighting.index = index;
    sighting.proven ||= sure || sighting.run >= RUN;
    for (const witness of lacking.seenIn) sighting.seenIn.add(witness);
    for (const view of lacking.missingFrom) sighting.missingFrom.add(view);
  }

  /** Those that are no chance. */
  found(): Sighting[] {
    return [...this.#all.values()].filter(({ proven }) => proven);
  }
}

/** Whether a load that is recorded would have been followed by the record of its end. */
function isKept(load: ModuleChange, look: Look, losses: LossSearch): boolean {
  return losses.within(load.ns, look.toNs) === undefined;
}

function toHidden(sighting: Sighting, capture: Capture): HiddenModule {
  const { first, last, name, address, base, load } = sighting;
  const missingFrom = [...sighting.missingFrom];
  // One that hid step by step was seen where it is missing later.
  const seenIn = [...sighting.seenIn].filter((witness) => witness === 'recording' || !missingFrom.includes(witness));
  const time = (look: Look): string => capture.clock.time(look.fromNs);
  return definedOnly<HiddenModule>({
    name,
    address: address === undefined ? undefined : hexadecimal(address),
    base: base === undefined ? undefined : hexadecimal(base),
    seenIn,
    missingFrom,
    firstSeq: Number(first.seq),
    lastSeq: Number(last.seq),
    firstTime: time(first),
    lastTime: time(last),
    firstNs: toWide(first.fromNs),
    lastNs: toWide(last.fromNs),
    callId: load?.callId,
    evidence: [...new Set([load?.seq, first.seq, last.seq].filter((seq) => seq !== undefined).map(Number))],
    text: hidingText(name, address ?? base, seenIn, missingFrom),
  });
}

/** Reads all snapshots of a capture and says which modules hide from which view; stops now and then. */
export function* hiddenModules(capture: Capture, facts: Facts): Generator<void, HiddenModule[]> {
  const watched = facts.watched.has('module_load') && facts.watched.has('module_free');
  const losses = lossesOfStages(facts.losses);
  const changes = new Changes(facts.modules);
  const sightings = new Sightings();
  let index = 0;
  let kept: { mark: string; lacking: Lacking[] } | undefined;
  for (const look of looks(capture.database)) {
    index++;
    yield* changes.walkTo(look.fromNs);
    const recorded = watched ? changes.loads().filter((load) => isKept(load, look, losses)) : [];
    const mark = `${look.mark}${String(changes.count)} ${String(recorded.length)}`;
    if (kept?.mark !== mark) kept = { mark, lacking: compare(look, recorded) };
    if (kept.lacking.length === 0) continue;
    const meanwhile = changes.until(look.toNs);
    const sees = watched && losses.within(look.fromNs, look.toNs) === undefined;
    for (const lacking of kept.lacking) {
      if (isDisturbed(lacking, meanwhile)) continue;
      const load = lacking.address === undefined ? undefined : changes.loadAt(lacking.address);
      sightings.add(look, index, lacking, lacking.sure && sees, load);
    }
  }
  return sightings.found().map((sighting) => toHidden(sighting, capture));
}
