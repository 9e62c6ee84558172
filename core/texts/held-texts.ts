/**
 * Texts that are held in memory once a capture was read, so that a condition on texts asks each distinct one once and needs
 * no way through the tables that they stand in. Read after the survey, when nobody asks anything; until then SQL answers. While
 * a recording grows they are not read before somebody asks for one: they would take more memory than all else that is kept.
 */
import type Database from 'better-sqlite3';
import type { Facts } from '../attempt/facts.ts';
import { Members, type IdSet } from '../filter/members.ts';
import { passing, type Probe, type TextTest } from '../filter/text-test.ts';
import type { EventRows } from '../survey/event-rows.ts';
import { ArgumentTexts } from './argument-texts.ts';
import { ProcessTexts } from './process-texts.ts';

/** What the survey has read: the rows, and what the kernel said. */
export interface Surveyed {
  readonly rows: EventRows;
  readonly judge: { readonly facts: Facts };
}

/** Changes that are looked at at a stretch. */
const STRETCH = 1 << 17;

export class HeldTexts {
  readonly #survey: Surveyed;
  readonly #arguments: ArgumentTexts;
  readonly #processes: ProcessTexts;
  #work: Generator<void> | undefined;
  #isWhole = false;
  #isAsked = false;

  /** The functions of filters are on the connection. */
  constructor(database: Database.Database, survey: Surveyed) {
    this.#survey = survey;
    this.#arguments = new ArgumentTexts(database, survey.rows);
    this.#processes = new ProcessTexts(database);
  }

  /** There are new rows. */
  grow(): void {
    this.#isWhole = false;
    this.#work = undefined;
  }

  /**
   * Goes on for that many milliseconds, and at least a bit; when the survey is through. Returns whether it is through too.
   * @param grows whether more rows will come soon
   */
  step(milliseconds: number, grows: boolean): boolean {
    if (this.#isWhole || (grows && !this.#isAsked)) return true;
    const end = performance.now() + milliseconds;
    this.#work ??= this.#read();
    do {
      if (this.#work.next().done !== true) continue;
      this.#work = undefined;
      this.#isWhole = true;
      if (grows) return true;
      this.#arguments.settle();
      this.#processes.settle();
      return true;
    } while (performance.now() < end);
    return false;
  }

  *#read(): Generator<void> {
    yield* this.#processes.read();
    yield* this.#arguments.read();
  }

  /** Ids, or numbers of events, whose text passes; undefined where that is not held. */
  find(probe: Probe): Generator<void, IdSet> | undefined {
    this.#isAsked = true;
    if (!this.#isWhole) return undefined;
    if (probe.source === 'process.exe')
      return this.#processes.isHeld ? this.#processes.ofFiles(probe.files) : undefined;
    if (probe.source === 'readings') return this.#arguments.isHeld ? this.#arguments.differing() : undefined;
    const { source, test } = probe;
    switch (source) {
      case 'process.comm':
      case 'process.cgroup':
      case 'process.argv':
        return this.#processes.isHeld ? this.#processes.find(source, test) : undefined;
      case 'argument_text.bytes':
        return this.#arguments.isHeld ? this.#arguments.any(test) : undefined;
      case 'asked':
        return this.#arguments.isHeld ? this.#arguments.asked(test) : undefined;
      case 'module_fact.name':
        return this.#changes(test, 'names');
      case 'module_fact.version':
        return this.#changes(test, 'versions');
      case 'request_fact.name':
        return this.#requests(test);
    }
  }

  #changes(test: TextTest, of: 'names' | 'versions'): Generator<void, IdSet> | undefined {
    const passes = passing(test);
    const { modules } = this.#survey.judge.facts;
    if (!passes || modules[of].isOdd) return undefined;
    return (function* (): Generator<void, IdSet> {
      const members = new Members();
      const answers = modules[of].answers(passes);
      if (!answers.includes(1)) return members;
      for (let at = 0; at < modules.size; at++) {
        if (answers[modules[of].codeAt(at)] === 1) members.addNumber(modules.seqAt(at));
        if (at % STRETCH === STRETCH - 1) yield;
      }
      return members;
    })();
  }

  #requests(test: TextTest): Generator<void, IdSet> | undefined {
    const passes = passing(test);
    const { requests } = this.#survey.judge.facts;
    if (!passes || requests.hasOddNames) return undefined;
    return (function* (): Generator<void, IdSet> {
      const members = new Members();
      for (const seqs of requests.named(passes)) {
        for (const seq of seqs) members.addNumber(seq);
        yield;
      }
      return members;
    })();
  }
}
