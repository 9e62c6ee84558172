/** Makes up a whole capture: so many events, the same ones whenever seed and number are the same (docs/make-capture.md). */
import { boot } from './boot.ts';
import { floods } from './floods.ts';
import { putClock, putMachine, Snapshots, SNAPSHOT_NS, WallClock, type Machine } from './frame.ts';
import { Heap, type Timed } from './heap.ts';
import { makeImages } from './images.ts';
import { Journal } from './journal.ts';
import { Kernel } from './kernel.ts';
import { Life } from './life.ts';
import { losses } from './losses.ts';
import { oddities, ODDITY, ODDITY_KINDS } from './oddities.ts';
import { Places } from './places.ts';
import { Random } from './random.ts';
import { MadeEvent } from './records.ts';
import { Rounds, Walk } from './rounds.ts';
import { ERROR, Scene, text } from './scene.ts';
import { SealedFile } from './sealed-file.ts';
import { Timeline } from './timeline.ts';

/** Parts of all events: what is left of them after boot, days, test runs and oddities are calls that fail. */
const SHARES = { boot: 0.06, life: 0.05, rounds: 0.24 } as const;

/** A boot has not more events, however long the capture is. */
const MOST_AT_BOOT = 900;

/** People test in parallel. */
const TESTERS = 3;

/** Events around all others: start and stop, each with a clock sample and a snapshot. */
const FRAME = 6;

/** So many events have room for what goes wrong in special ways. */
const ODD_FROM = 200;

const MINUTE = 60e9;

/** 2026, in the first ten months. */
const YEAR = 1_767_225_600n * 1_000_000_000n;
const MONTHS = 26_000_000;

export interface Making {
  readonly events: number;
  readonly seed: number;
  /** Of the program that makes it. */
  readonly version: string;
  /** Called now and then. */
  progress?(written: number): void;
}

interface Actor extends Timed {
  readonly turns: Generator<number>;
}

class Stage {
  readonly #heap = new Heap<Actor>();

  /** Lets it go on to its next moment. */
  enter(turns: Generator<number>): void {
    const { done, value } = turns.next();
    if (done !== true) this.#heap.push({ at: value, turns });
  }

  /** One after the other as their moments come; everything before is written by then. */
  play(journal: Journal, progress: () => void): number {
    let now = 0;
    for (let turn = 0; ; turn++) {
      const actor = this.#heap.pop();
      if (!actor) return now;
      now = actor.at;
      journal.flush(now);
      this.enter(actor.turns);
      if (turn % 4096 === 0) progress();
    }
  }
}

function* clocks(
  journal: Journal,
  random: Random,
  clock: WallClock,
  timeline: Timeline,
  step: boolean,
): Generator<number> {
  const stepAt = step ? Math.floor(timeline.start + (timeline.end - timeline.start) * 0.62) : Infinity;
  for (let now = timeline.start + MINUTE; now < timeline.end - 2e9; now += MINUTE) {
    if (stepAt > now - MINUTE && stepAt <= now) {
      yield stepAt;
      putClock(journal, random, clock, stepAt - 400_000_000);
      clock.set(BigInt(random.between(-90_000, 90_000)) * 1_000_037n);
      putClock(journal, random, clock, stepAt);
    }
    yield now;
    putClock(journal, random, clock, now);
  }
}

/** Calls without rights, one by one, until there are as many events as were asked for. */
function* rest(scene: Scene, places: Places, from: number, to: number, events: number): Generator<number> {
  const place = scene.random.pick(places.containers);
  const process = places.process(
    place.starters[0],
    'agent',
    '/usr/local/bin/agent',
    ['agent', '--retry'],
    place.plain,
    from,
  );
  for (let number = 0; number < events; number++) {
    const now = Math.floor(from + ((to - from) * number) / events);
    yield now;
    const facts = {
      returned: ERROR.EPERM,
      took: 400,
      args: [4, 4096 + 8 * number, 0],
      texts: text(1, `try=${String(number)}`),
    } as const;
    scene.call('finit_module', now, scene.journal.nextCallId(), process, facts);
  }
}

/** @param path a file that does not exist yet */
export function makeCapture(path: string, { events, seed, version, progress }: Making): void {
  const random = new Random(`modtrail ${String(seed)} ${String(events)}`);
  const timeline = new Timeline(random.branch('timeline'), events);
  const startedWall = YEAR + BigInt(random.between(0, MONTHS)) * 1_000_000_000n + BigInt(random.word());
  const machine: Machine = { startedBoot: timeline.start, startedWall, seed, version };
  const file = new SealedFile(path);
  try {
    const journal = new Journal(file, startedWall);
    const kernel = new Kernel();
    const scene = new Scene(random.branch('scene'), journal, kernel);
    const snapshots = new Snapshots(file, journal, kernel);
    const clock = new WallClock(machine);
    // The smallest captures have not even their frame whole.
    const has = (number: number): boolean => events >= number;

    putMachine(file, random.branch('machine'), machine);
    journal.add(timeline.start, new MadeEvent('capture_start', timeline.start));
    if (has(3)) putClock(journal, random, clock, timeline.start);
    journal.flush(timeline.start);
    if (has(6)) snapshots.put('start', timeline.start + 10_000_000);
    journal.commit(timeline.start + 10_000_000 + SNAPSHOT_NS);

    const tail = [has(5), has(4), has(2)].filter(Boolean).length;
    if (events > FRAME) play(events - tail);
    if (has(5)) snapshots.put('stop', timeline.end);
    const stop = timeline.end + SNAPSHOT_NS + 1_000_000;
    if (has(4)) putClock(journal, random, clock, stop);
    if (has(2)) journal.add(stop, new MadeEvent('capture_stop', stop));
    journal.flush(Infinity);
    file.put('capture_stop', [1, stop, clock.at(stop), 'signal', null]);
    journal.commit(stop);
    progress?.(journal.written);

    function play(wanted: number): void {
      const places = new Places(random.branch('places'));
      const images = makeImages(random.branch('images'));
      const stage = new Stage();
      const minutes = Math.floor((timeline.end - timeline.start) / MINUTE);
      const timed = events >= ODD_FROM;
      const odd = timed ? Math.max(ODDITY_KINDS, Math.floor(events / 25_000)) : 0;
      const lost = timed ? 1 + Math.min(400, Math.floor(events / 50_000)) : 0;
      let left = Math.max(0, wanted - journal.promised - (timed ? minutes + 2 : 0) - odd * ODDITY - lost);
      const atBoot = Math.min(MOST_AT_BOOT, Math.floor(left * SHARES.boot));
      left -= atBoot;
      const [living, testing] = [Math.floor(left * SHARES.life), Math.floor((left * SHARES.rounds) / TESTERS)];
      const walk = new Walk(images);

      stage.enter(boot(scene, places, images, timeline, atBoot));
      stage.enter(new Life(scene, places, images).events(timeline, living));
      for (let number = 0; number < TESTERS; number++) {
        const own = random.branch(`tester ${String(number)}`);
        stage.enter(new Rounds(scene, own, places, walk).events(timeline, testing));
      }
      left -= living + testing * TESTERS;
      for (const flood of floods(scene, places, images, timeline, left)) stage.enter(flood);
      if (timed) {
        stage.enter(clocks(journal, random.branch('clocks'), clock, timeline, true));
        stage.enter(losses(scene, timeline, lost));
        stage.enter(oddities(scene, places, timeline, odd));
      }
      const now = stage.play(journal, () => progress?.(journal.written));
      const from = Math.max(now, timeline.end - 1.9e9);
      stage.enter(rest(scene, places, from, timeline.end - 0.9e9, wanted - journal.promised));
      stage.play(journal, () => progress?.(journal.written));
    }
  } finally {
    file.close();
  }
}
