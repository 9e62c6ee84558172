/** Which rows have which colour: asked for the rows that are looked at, a handful at a time. */
import type { FilterTable } from '#contract/filter.ts';
import type { ColourRule } from '#contract/row-colours.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed, shallowReactive, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { useSettings } from './settings.ts';

/** Rows that are known at a time; what is out of sight for long is asked for again. */
const MOST_KNOWN = 20_000;

/** Rows of one question: more than a tall window shows. */
const AT_ONCE = 150;

/** Milliseconds that rows are waited for before they are asked for together. */
const PAUSE = 30;

export const useRowColours = defineStore('row-colours', () => {
  const captures = useCaptures();
  const { colours } = storeToRefs(useSettings());
  /** The rules that are on: what a row is told by counts among them. */
  const rules = computed(() => colours.value.filter(({ on, filter }) => on && filter.trim() !== ''));
  /** By table and seq: the index of the rule that fits, or -1. */
  const known = {
    attempts: shallowReactive(new Map<number, number>()),
    events: shallowReactive(new Map<number, number>()),
  };
  const asked = { attempts: new Set<number>(), events: new Set<number>() };
  const waiting = { attempts: new Set<number>(), events: new Set<number>() };
  const asking = new Set<FilterTable>();
  let generation = 0;

  function forget(): void {
    generation += 1;
    for (const table of ['attempts', 'events'] as const) {
      known[table].clear();
      asked[table].clear();
      waiting[table].clear();
    }
  }

  async function ask(table: FilterTable): Promise<void> {
    // The newest are those in sight; who passes by many asks for the others when coming back.
    const all = [...waiting[table]];
    const seqs = all.slice(-AT_ONCE);
    for (const seq of all.slice(0, -AT_ONCE)) asked[table].delete(seq);
    waiting[table].clear();
    const capture = captures.currentId;
    const question = generation;
    if (capture === undefined || seqs.length === 0) return;
    const filters = rules.value.map(({ filter }) => filter);
    const answer = await bridge.firstMatches(capture, table, filters, seqs);
    // Rows without a colour are no reason to interrupt who looks at them.
    if (question !== generation || !answer.ok) return;
    if (known[table].size > MOST_KNOWN) {
      known[table].clear();
      asked[table].clear();
    }
    for (const [at, seq] of seqs.entries()) {
      const rule = answer.value[at] ?? -1;
      if (known[table].get(seq) !== rule) known[table].set(seq, rule);
      asked[table].add(seq);
    }
  }

  /** One question at a time, so that those for rows are not held up by those for colours. */
  async function askSoon(table: FilterTable): Promise<void> {
    if (asking.has(table)) return;
    asking.add(table);
    do {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await ask(table);
    } while (waiting[table].size > 0);
    asking.delete(table);
  }

  /** The rule that a row is coloured by; undefined where there is none, or that is not known yet. */
  function ruleOf(table: FilterTable, seq: number): ColourRule | undefined {
    if (rules.value.length === 0) return undefined;
    if (!asked[table].has(seq)) {
      asked[table].add(seq);
      waiting[table].add(seq);
      void askSoon(table);
    }
    return rules.value[known[table].get(seq) ?? -1];
  }

  watch([rules, () => captures.currentId], forget);
  // What has grown may fit another rule now; until that is known it keeps its colour.
  watch(
    () => captures.revision,
    () => {
      asked.attempts.clear();
      asked.events.clear();
    },
  );

  return { ruleOf };
});
