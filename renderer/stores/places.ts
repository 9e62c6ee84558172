/**
 * Where one is in a capture: what is shown, selected, narrowed down. Each part of it says itself how it is taken and put
 * back, so that tabs, the way back and the last session all mean the same by it.
 */
import { defineStore } from 'pinia';
import { ref } from 'vue';

/** The values of all parts by their names; JSON. A part that is as at the start has none. */
export type Place = Readonly<Record<string, unknown>>;

export interface PlacePart {
  readonly name: string;
  /** What is so now; undefined where it is as at the start. It must not depend on which capture is looked at. */
  take(): unknown;
  /** Makes it so again; undefined is as at the start. The value may come from a file: what does not fit is passed over. */
  put(value: unknown): unknown;
  /**
   * What of a value makes another step on the way back, as text; a part without it is remembered with each step, and
   * makes none.
   */
  step?(value: unknown): string;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export const usePlaces = defineStore('places', () => {
  const parts: PlacePart[] = [];
  /** Places of open captures that are not looked at. */
  const kept = new Map<string, Place>();
  /** Set while a place is being put back: nothing moves by itself then. */
  const putting = ref(false);
  let asked = 0;

  /** Adds parts; they are put back in this order. Returns the function that takes them away. */
  function register(...added: readonly PlacePart[]): () => void {
    parts.push(...added);
    return () => {
      for (const part of added) parts.splice(parts.indexOf(part), 1);
    };
  }

  function take(): Place {
    const found = parts.map(({ name, take: own }) => [name, own()] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  }

  /** @param all - also what seems to be so already: another capture is looked at now */
  async function put(place: Place | undefined, all: boolean): Promise<void> {
    const question = ++asked;
    putting.value = true;
    try {
      const changed = parts.filter((part) => all || !same(part.take(), place?.[part.name]));
      const work = changed.map((part) => part.put(place?.[part.name]));
      await Promise.all(work);
      // What follows from it, such as a selected row that has arrived, is seen in the turns after.
      await new Promise((resolve) => setTimeout(resolve));
    } finally {
      if (question === asked) putting.value = false;
    }
  }

  /** What makes this place another one than those before and after it. */
  const stepOf = (place: Place): string =>
    JSON.stringify(parts.flatMap(({ name, step }) => (step ? [step(place[name])] : [])));

  return { kept, putting, register, take, put, stepOf };
});
