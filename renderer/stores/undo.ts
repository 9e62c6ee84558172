/** What was changed beside the evidence, so that it can be taken back and done again. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

export interface Change {
  /** "the bookmark on attempt 7" */
  readonly what: string;
  /** The capture that it belongs to, by its uuid; absent where it belongs to all. */
  readonly scope?: string;
  redo(): void;
  undo(): void;
}

/** Changes that are remembered; the oldest is forgotten first. */
const MOST = 500;

export const useUndo = defineStore('undo', () => {
  const done = shallowRef<readonly Change[]>([]);
  const undone = shallowRef<readonly Change[]>([]);
  /** The capture that is looked at: changes of others stay as they are. */
  const scope = shallowRef<string>();

  const reachable = (change: Change): boolean => change.scope === undefined || change.scope === scope.value;
  const canUndo = computed(() => done.value.some(reachable));
  const canRedo = computed(() => undone.value.some(reachable));

  /** Makes a change, which can be undone from then on. What was undone before cannot be done again. */
  function make(change: Change): void {
    change.redo();
    done.value = [...done.value, change].slice(-MOST);
    undone.value = undone.value.filter((other) => other.scope !== change.scope);
  }

  /** Makes all changes that `work` makes at once a single one. */
  function asOne<Answer>(what: string, work: () => Answer): Answer {
    const before = new Set(done.value);
    const answer = work();
    const made = done.value.filter((change) => !before.has(change));
    if (made.length < 2) return answer;
    const scope = made.find((change) => change.scope !== undefined)?.scope;
    const joined: Change = {
      ...{ what, ...(scope === undefined ? {} : { scope }) },
      redo: () => {
        for (const change of made) change.redo();
      },
      undo: () => {
        for (const change of made.toReversed()) change.undo();
      },
    };
    done.value = [...done.value.filter((change) => before.has(change)), joined];
    return answer;
  }

  /** @returns what was undone */
  function undo(): string | undefined {
    const change = done.value.findLast(reachable);
    if (!change) return undefined;
    done.value = done.value.filter((other) => other !== change);
    change.undo();
    undone.value = [...undone.value, change];
    return change.what;
  }

  /** @returns what was done again */
  function redo(): string | undefined {
    const change = undone.value.findLast(reachable);
    if (!change) return undefined;
    undone.value = undone.value.filter((other) => other !== change);
    change.redo();
    done.value = [...done.value, change];
    return change.what;
  }

  return { scope, canUndo, canRedo, make, asOne, undo, redo };
});
