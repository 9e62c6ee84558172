/** What is known of the image as a whole, a part after the other: the cheap ones first. */
import { FIRST_PARTS, PART_NAMES, type InspectionParts, type PartName, type Problem } from '#contract/inspect.ts';
import type { Failure } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useModules } from './modules.ts';

/** What is asked for whenever an image is opened; lists are fetched a page at a time. */
const WANTED: readonly PartName[] = [
  // What the module is called, and for which kernel it was built, before anything that takes longer.
  ...(['elf', 'modinfo', 'identity'] as const),
  ...FIRST_PARTS.filter((name) => name !== 'versions'),
  'layout',
];

/** Milliseconds after which somebody who waits is told for what. */
const PATIENCE = 1000;

export const useModuleParts = defineStore('module-parts', () => {
  const modules = useModules();
  const parts = shallowReactive<{ -readonly [Name in PartName]?: InspectionParts[Name] }>({});
  const failures = shallowReactive(new Map<PartName, Failure>());
  /** What is being read, and whether that takes long. */
  const reading = ref<PartName>();
  const slow = ref(false);
  /** Whether the rest was called off. */
  const calledOff = ref(false);
  /** The image of which all that is read by itself was read, or called off. */
  const settled = ref<string>();
  let asked = 0;

  async function readPart<Name extends PartName>(module: string, name: Name, question: number): Promise<void> {
    const answer = await bridge.modulePart(module, name);
    if (question !== asked) return;
    // The name says which part it is.
    if (answer.ok) Object.assign(parts, { [name]: JSON.parse(answer.value) as InspectionParts[Name] });
    else if (answer.error.code === 'dismissed') calledOff.value = true;
    // What does not exist for this image is no failure.
    else if (answer.error.code !== 'no-such-row') failures.set(name, answer.error);
  }

  /** Reads what is not there yet. */
  async function read(): Promise<void> {
    const question = ++asked;
    const module = modules.current;
    calledOff.value = false;
    if (!module) return;
    const timer = setTimeout(() => (slow.value = question === asked), PATIENCE);
    for (const name of WANTED) {
      if (name in parts || failures.has(name)) continue;
      reading.value = name;
      await readPart(module.id, name, question);
      if (question !== asked || calledOff.value) break;
    }
    clearTimeout(timer);
    if (question === asked) {
      reading.value = undefined;
      slow.value = false;
      settled.value = module.id;
    }
  }

  /** Reads parts again that say something else now. */
  async function renew(names: readonly PartName[]): Promise<void> {
    for (const name of names) {
      failures.delete(name);
      const module = modules.current;
      if (module && name in parts) await readPart(module.id, name, asked);
    }
  }

  watch(
    () => modules.current?.id,
    () => {
      for (const name of PART_NAMES) Reflect.deleteProperty(parts, name);
      failures.clear();
      slow.value = false;
      void read();
    },
    { immediate: true },
  );

  /** Everything that could not be read, whichever part it belongs to. */
  const problems = computed<readonly Problem[]>(() => [
    ...[...failures].map(([where, { message }]) => ({ where, text: message })),
    ...Object.values(parts).flatMap((part) => part.problems),
  ]);

  const cancel = async (): Promise<void> => {
    if (reading.value !== undefined) await modules.cancel();
  };

  return { parts, reading, slow, calledOff, settled, problems, read, renew, cancel };
});
