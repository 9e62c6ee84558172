/** Looks at the loaded modules: which views a snapshot has, and what each of them showed. */
import type { SnapshotView } from '#contract/event.ts';
import { MODULE_VIEWS, type ModuleView } from '#contract/hidden-module.ts';
import type Database from 'better-sqlite3';
import { anyText, integer, integerOrNone, small, smallOrNone, word, type Row } from './columns.ts';
import { definedOnly } from './defined.ts';

const STATES = ['whole', 'cut', 'torn', 'unavailable'] as const;

function readView(row: Row): SnapshotView {
  return definedOnly<SnapshotView>({
    view: word(row, 'view', MODULE_VIEWS),
    pass: small(row, 'pass'),
    state: word(row, 'state', STATES),
    reason: anyText(row, 'reason'),
    modules: smallOrNone(row, 'modules'),
  });
}

export class Snapshots {
  readonly #views: Database.Statement<[bigint], Row>;
  readonly #sameAs: Database.Statement<[bigint], Row>;
  readonly #names: Database.Statement<[bigint], Row>;
  readonly #last: Database.Statement<[string, ModuleView], Row>;

  constructor(database: Database.Database) {
    this.#views = database.prepare<[bigint], Row>('SELECT * FROM snapshot_view WHERE seq = ? ORDER BY id');
    this.#sameAs = database.prepare<[bigint], Row>('SELECT id, same_as FROM snapshot_view WHERE id = ?');
    this.#names = database.prepare<[bigint], Row>('SELECT name FROM snapshot_module WHERE view_id = ? ORDER BY id');
    this.#last = database.prepare<[string, ModuleView], Row>(
      `SELECT snapshot_view.id, snapshot_view.seq, event.ns FROM snapshot_fact
         JOIN event ON event.seq = snapshot_fact.seq JOIN snapshot_view ON snapshot_view.seq = snapshot_fact.seq
       WHERE snapshot_fact.reason = ? AND snapshot_view.view = ? AND snapshot_view.state = 'whole'
       ORDER BY snapshot_view.id DESC LIMIT 1`,
    );
  }

  views(seq: bigint): SnapshotView[] {
    return this.#views.all(seq).map(readView);
  }

  /** The row that holds the modules of a view: an earlier one where they are the same. Only ever leads back. */
  #holder(viewId: bigint): bigint {
    const row = this.#sameAs.get(viewId);
    const earlier = row && integerOrNone(row, 'same_as');
    return earlier === undefined || earlier >= viewId ? viewId : earlier;
  }

  /** Names in a view, by its row. */
  names(viewId: bigint): Set<string> {
    return new Set(this.#names.all(this.#holder(viewId)).map((row) => anyText(row, 'name') ?? ''));
  }

  /** The last look of that reason that showed a view whole. */
  last(reason: 'start' | 'stop', view: ModuleView): { viewId: bigint; seq: bigint; ns: bigint } | undefined {
    const row = this.#last.get(reason, view);
    return row && { viewId: integer(row, 'id'), seq: integer(row, 'seq'), ns: integer(row, 'ns') };
  }
}
