/** The code of one function of an open image: its instructions a page at a time. */
import type { Instruction } from '#contract/inspect-code.ts';
import type { CodePage } from '#contract/module-code.ts';
import type { Result } from '#contract/result.ts';
import { computed, ref, shallowReactive, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { bridge } from '../../bridge.ts';

/** Instructions of one page. */
export const CODE_PAGE = 200;

/** What is known of the function; its instructions come with the pages. */
export type CodeFacts = Omit<CodePage, 'instructions' | 'start'>;

export interface Code {
  /** Undefined while it is not there, or where there is none. */
  readonly facts: ShallowRef<CodeFacts | undefined>;
  /** Why there is no code. */
  readonly problem: Ref<string | undefined>;
  /** Number of the instruction that holds the byte that is asked for. */
  readonly index: ComputedRef<number | undefined>;
  row(index: number): Instruction | undefined;
  /** Makes sure that these come, both ends included. */
  want(first: number, last: number): void;
}

/**
 * @param module - the image's id
 * @param at - a byte of the code; another one in the same function only moves in it
 */
export function useCode(module: Readonly<Ref<string | undefined>>, at: Readonly<Ref<number | undefined>>): Code {
  const facts = shallowRef<CodeFacts>();
  const problem = ref<string>();
  const pages = shallowReactive(new Map<number, readonly Instruction[]>());
  const underWay = new Set<number>();
  const asked = ref<number>();
  /** The byte that was asked for last, and its instruction. */
  const located = shallowRef<{ readonly offset: number; readonly index: number }>();
  let generation = 0;

  function take(answer: Result<CodePage>, page: number): void {
    underWay.delete(page);
    if (!answer.ok) {
      problem.value = answer.error.message;
      return;
    }
    const { instructions, index: first } = answer.value;
    if (facts.value === undefined) {
      facts.value = answer.value;
      located.value = { offset: asked.value ?? 0, index: first };
    }
    pages.set(page, instructions);
  }

  async function load(page: number): Promise<void> {
    const id = module.value;
    const place = asked.value;
    if (id === undefined || place === undefined || underWay.has(page)) return;
    const question = generation;
    underWay.add(page);
    const answer = await bridge.moduleCode(id, { at: place, start: page * CODE_PAGE, limit: CODE_PAGE });
    if (question === generation) take(answer, page);
  }

  function want(first: number, last: number): void {
    for (let page = Math.floor(first / CODE_PAGE); page <= Math.floor(last / CODE_PAGE); page++) {
      if (!pages.has(page)) void load(page);
    }
  }

  const row = (index: number): Instruction | undefined => pages.get(Math.floor(index / CODE_PAGE))?.[index % CODE_PAGE];

  const isInside = (offset: number): boolean => {
    const { range } = facts.value ?? {};
    return range !== undefined && offset >= range.offset && offset < range.offset + range.size;
  };

  watch(
    [module, at],
    ([id, offset], [before]) => {
      if (offset !== undefined && id === before && isInside(offset)) {
        void locate(offset);
        return;
      }
      generation += 1;
      pages.clear();
      underWay.clear();
      facts.value = undefined;
      problem.value = undefined;
      asked.value = offset;
      located.value = undefined;
      want(0, 0);
    },
    { immediate: true },
  );

  /** In the pages that are there. */
  function indexOf(offset: number): number | undefined {
    for (const [page, instructions] of pages) {
      const found = instructions.findLastIndex(({ range }) => range.offset <= offset);
      const last = instructions[found]?.range;
      if (last && offset < last.offset + last.size) return page * CODE_PAGE + found;
    }
    return undefined;
  }

  /** Of a page that is not there yet the process knows it. */
  async function locate(offset: number): Promise<void> {
    const id = module.value;
    if (id === undefined || indexOf(offset) !== undefined) return;
    const question = generation;
    const answer = await bridge.moduleCode(id, { at: offset, start: 0, limit: 1 });
    if (question === generation && answer.ok) located.value = { offset, index: answer.value.index };
  }

  const index = computed(() => {
    const offset = at.value;
    if (offset === undefined || !isInside(offset)) return undefined;
    return indexOf(offset) ?? (located.value?.offset === offset ? located.value.index : undefined);
  });

  return { facts, problem, index, row, want };
}
