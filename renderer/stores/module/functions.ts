/** Ways to a function's code: what the kernel calls, the one beside, the one of a name. */
import type { FunctionRow, ListRequest } from '#contract/module-rows.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';
import { useModules } from './modules.ts';

/** Names that are offered. */
const OFFERED = 12;

export const useModuleFunctions = defineStore('module-entry-points', () => {
  const modules = useModules();
  const notices = useNotices();
  const init = shallowRef<FunctionRow>();
  const exit = shallowRef<FunctionRow>();
  const known = ref(false);

  /** Those that fit, in their natural order unless another is asked for. */
  async function ask(request: Partial<ListRequest>): Promise<readonly FunctionRow[]> {
    const module = modules.current;
    if (!module) return [];
    const whole = { sort: 'offset' as const, descending: false, start: 0, limit: 1, ...request };
    const answer = await bridge.moduleRows(module.id, 'functions', whole);
    // The list's name says which rows the page holds.
    return answer.ok && module.id === modules.current?.id ? (answer.value.rows as readonly FunctionRow[]) : [];
  }

  /** What the kernel calls; asked for once an image. */
  async function load(): Promise<void> {
    if (known.value) return;
    known.value = true;
    const [[first], [last]] = await Promise.all([ask({ only: 'init' }), ask({ only: 'exit' })]);
    init.value = first;
    exit.value = last;
  }

  watch(
    () => modules.current?.id,
    () => {
      init.value = exit.value = undefined;
      known.value = false;
    },
  );

  /** Where code is looked at first. */
  async function firstOne(): Promise<FunctionRow | undefined> {
    await load();
    if (init.value) return init.value;
    const rows = await ask({});
    return rows[0];
  }

  async function beside(row: number, by: 1 | -1): Promise<FunctionRow | undefined> {
    if (row + by < 0) return undefined;
    const rows = await ask({ start: row + by });
    return rows[0];
  }

  const fitting = (text: string): Promise<readonly FunctionRow[]> =>
    text === '' ? Promise.resolve([]) : ask({ filter: text, sort: 'name', limit: OFFERED });

  /** The whole function around a byte, for the clipboard. */
  async function copyCode(at: number): Promise<void> {
    const module = modules.current;
    const text = module && notices.valueOf(await bridge.codeText(module.id, at));
    if (text !== undefined) await modules.copy(text);
  }

  return { init, exit, load, firstOne, beside, fitting, copyCode };
});
