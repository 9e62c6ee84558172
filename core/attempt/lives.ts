/** From when to when each module was in the kernel, by the address of its structure. */
import type { ModuleChange } from './facts.ts';

export interface Life {
  /** Absent where the module was loaded before the recording, or the record of its load was lost. */
  readonly load?: ModuleChange;
  readonly free?: ModuleChange;
  /** The load that took the place of a module whose free is not recorded: two structures never share an address. */
  readonly replacedBy?: ModuleChange;
}

/** When the module was gone, as far as recorded. */
export function endOf(life: Life): ModuleChange | undefined {
  return life.free ?? life.replacedBy;
}

/** @param modules in order of time */
export function findLives(modules: readonly ModuleChange[]): Life[] {
  const lives: Life[] = [];
  const alive = new Map<bigint, ModuleChange>();
  for (const change of modules) {
    const load = alive.get(change.address);
    if (change.loads) {
      if (load) lives.push({ load, replacedBy: change });
      alive.set(change.address, change);
    } else {
      lives.push(load ? { load, free: change } : { free: change });
      alive.delete(change.address);
    }
  }
  for (const load of alive.values()) lives.push({ load });
  return lives;
}
