/** The filter language on one capture. */
import type { FilterCompletions, FilterReading, FilterTable } from '#contract/filter.ts';
import type Database from 'better-sqlite3';
import { integerOrNone, type Row } from '../capture/columns.ts';
import type { Ahead } from '../capture/read-ahead.ts';
import { CaptureError } from '../capture/failure.ts';
import type { Capture } from '../capture/open.ts';
import type { PageFile } from '../capture/page-file.ts';
import type { StepwiseCondition } from '../survey/order-build.ts';
import type { Helper } from '../helper/errand.ts';
import { compileTree } from './compile.ts';
import { completeFilter } from './complete.ts';
import { addFilterFunctions, type Judging } from './functions.ts';
import type { FilterClock } from './moments.ts';
import { parseFilter } from './parse.ts';
import type { Lookup } from './places.ts';
import { SetRegister, StoredSets, type Pages, type Texts } from './sets.ts';
import type { Scan } from './scan.ts';
import type { Param } from './sql.ts';

/** A condition on `event`'s columns, and what is bound to it. */
export interface Where {
  readonly where: string;
  readonly params: readonly Param[];
  readonly scan?: Scan;
}

/** Sets of rows of other tables that are found quickly by going through these; a bare word asks for more than twice as many. */
const FEW_SETS = 4;

export class Filters {
  readonly #sets: SetRegister;
  readonly #capture: Capture;
  readonly #start: Database.Statement<[], Row>;
  /** Texts in memory, where there are some. */
  texts: Texts | undefined;
  /** Texts in the capture's file, where that can be looked through. */
  pages: Pages | undefined;
  /** The file itself, where its indexes can be gone through. */
  file: PageFile | undefined;
  ahead: Ahead | undefined;
  helper: Helper | undefined;

  /** Adds the functions that conditions call to the capture's connection. */
  constructor(capture: Capture, judging: Judging) {
    this.#capture = capture;
    addFilterFunctions(capture.database, judging);
    this.#sets = new SetRegister(capture.database);
    this.#start = capture.database.prepare<[], Row>('SELECT started_boot_ns FROM capture');
  }

  get #time(): FilterClock {
    const startNs = integerOrNone(this.#start.get() ?? {}, 'started_boot_ns') ?? 0n;
    return { clock: this.#capture.clock, startNs };
  }

  /**
   * The rows that a filter keeps, for `… FROM event WHERE … AND (where)`. Its answer is true, false or NULL. It holds for
   * as long as the capture does not grow: new clock samples and a new judge need a new condition.
   * @param by 'set' for a statement that goes through many rows, 'row' for one that looks at few
   * @throws CaptureError 'bad-filter' naming the first column that is wrong
   */
  where(text: string, table: FilterTable, by: Lookup = 'set'): Where {
    const { tree, problems } = parseFilter(text, table);
    const [first] = problems;
    if (!tree || first) {
      const hint = first?.suggestion === undefined ? '' : ` Did you mean '${first.suggestion}'?`;
      const where = `filter, column ${String(first?.column ?? 1)}: `;
      throw new CaptureError('bad-filter', `${where}${first?.message ?? 'it cannot be read'}${hint}`);
    }
    const { text: where, params, scan } = compileTree(tree, this.#time, by);
    return { where, params, ...(scan ? { scan } : {}) };
  }

  /**
   * The same for a statement that goes through the events in pieces: sets of rows of other tables are found first, a piece
   * at a time, and stand in memory until `end`.
   */
  stepwise(text: string, table: FilterTable): StepwiseCondition {
    const sets = new StoredSets(this.#capture.database, this.#sets, this);
    const first = this.where(text, table, 'row');
    const made = (): Where => this.where(text, table, sets);
    made();
    return {
      first,
      isBroad: sets.pending > FEW_SETS,
      *find(between) {
        let where = made();
        while (sets.pending > 0) {
          yield* sets.find();
          where = made();
          if (between) yield* between(where, sets.pending === 0);
        }
        return where;
      },
      end: () => {
        sets.end();
      },
    };
  }

  /** What is wrong with a text, and how its parts are drawn. */
  read(text: string, table: FilterTable): FilterReading {
    const { tokens, problems } = parseFilter(text, table);
    return { tokens, problems };
  }

  /** What can stand at a place of a text. */
  complete(text: string, table: FilterTable, caret: number): FilterCompletions {
    return completeFilter(this.#capture.database, text, table, caret);
  }
}
