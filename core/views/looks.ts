/** Snapshots as they are compared: what each view showed, by name and by address. */
import { MODULE_VIEWS, type ModuleView } from '#contract/hidden-module.ts';
import type Database from 'better-sqlite3';
import { anyText, integer, integerOrNone, small, word, type Row } from '../capture/columns.ts';

export interface Shown {
  readonly name: string | undefined;
  /** Of the kernel's struct module. */
  readonly address: bigint | undefined;
  /** Where its code lies. */
  readonly base: bigint | undefined;
  readonly state: string | undefined;
}

/** What a view showed. */
export class Showing {
  readonly modules: readonly Shown[];
  readonly names = new Set<string>();
  readonly addresses = new Map<bigint, Shown>();
  readonly bases = new Set<bigint>();

  constructor(modules: readonly Shown[]) {
    this.modules = modules;
    for (const shown of modules) {
      if (shown.name !== undefined) this.names.add(shown.name);
      if (shown.address !== undefined) this.addresses.set(shown.address, shown);
      if (shown.base !== undefined) this.bases.add(shown.base);
    }
  }
}

export interface Reading {
  readonly view: ModuleView;
  readonly state: 'whole' | 'cut' | 'torn';
  readonly showing: Showing;
}

/** One snapshot. */
export interface Look {
  readonly seq: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly readings: readonly Reading[];
  /** Looks with the same mark show the same. */
  readonly mark: string;
}

const STATES = ['whole', 'cut', 'torn', 'unavailable'] as const;

function readShown(row: Row): Shown {
  return {
    name: anyText(row, 'name'),
    address: integerOrNone(row, 'address'),
    base: integerOrNone(row, 'base'),
    state: anyText(row, 'state'),
  };
}

/** All snapshots in order, one at a time; what a view showed is read again only where it changed. */
export function* looks(database: Database.Database): Generator<Look> {
  const snapshots = database.prepare<[], Row>('SELECT * FROM snapshot_fact ORDER BY seq').all();
  const views = database.prepare<[bigint], Row>('SELECT * FROM snapshot_view WHERE seq = ? ORDER BY id');
  const modules = database.prepare<[bigint], Row>('SELECT * FROM snapshot_module WHERE view_id = ? ORDER BY id');
  const last = new Map<ModuleView, { holder: bigint; showing: Showing }>();

  const showingOf = (view: ModuleView, holder: bigint): Showing => {
    const kept = last.get(view);
    if (kept?.holder === holder) return kept.showing;
    const showing = new Showing(modules.all(holder).map(readShown));
    last.set(view, { holder, showing });
    return showing;
  };

  for (const snapshot of snapshots) {
    const seq = integer(snapshot, 'seq');
    const readings: Reading[] = [];
    let mark = '';
    for (const row of views.all(seq)) {
      const view = word(row, 'view', MODULE_VIEWS);
      const state = word(row, 'state', STATES);
      if (state === 'unavailable') continue;
      const id = integer(row, 'id');
      const earlier = integerOrNone(row, 'same_as');
      const holder = earlier !== undefined && earlier < id ? earlier : id;
      readings.push({ view, state, showing: showingOf(view, holder) });
      mark += `${view} ${String(small(row, 'pass'))} ${state} ${String(holder)};`;
    }
    yield { seq, fromNs: integer(snapshot, 'from_ns'), toNs: integer(snapshot, 'to_ns'), readings, mark };
  }
}
