/** All that can be done, each thing once: keys, the list of keys, the palette and the menu's choices come from here. */
import type { CommandGroup } from '#contract/commands.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

export interface Command {
  /** One command an id; a later one takes the place of an earlier one. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** Beside the title in the palette: a folder, a filter. */
  readonly detail?: string;
  /** Ways to press it, as in contract/commands.ts. The first one is shown. */
  readonly keys?: readonly string[];
  /** Whether it can be had now; always where this is not said. */
  readonly when?: () => boolean;
  /** Not worth a line in the palette: a movement. */
  readonly quiet?: true;
  run(): unknown;
}

/** Commands that come and go: recent captures, open tabs, saved views. Asked whenever they are listed. */
export type CommandSource = () => readonly Command[];

export const useCommands = defineStore('commands', () => {
  const parts = shallowRef<readonly CommandSource[]>([]);

  /** Adds commands that come and go. Returns the function that takes them away. */
  function registerSource(source: CommandSource): () => void {
    parts.value = [...parts.value, source];
    return () => {
      parts.value = parts.value.filter((part) => part !== source);
    };
  }

  /** Adds commands. Returns the function that takes them away. */
  const registerCommands = (commands: readonly Command[]): (() => void) => registerSource(() => commands);

  /** Every command in order of registration, whether it can be had now or not. */
  const all = computed(() => {
    const found = new Map<string, Command>();
    for (const command of parts.value.flatMap((part) => part())) found.set(command.id, command);
    return [...found.values()];
  });

  const available = (command: Command): boolean => command.when?.() ?? true;

  /** What these keys do now; undefined where they do nothing. */
  const commandFor = (chord: string): Command | undefined =>
    all.value.findLast((command) => command.keys?.includes(chord) && available(command));

  /** Carries a command out by its id; nothing where it cannot be had. */
  function run(id: string): unknown {
    const command = all.value.find((one) => one.id === id);
    return command && available(command) ? command.run() : undefined;
  }

  /** For the palette. */
  const listed = (): Command[] => all.value.filter((command) => command.quiet !== true && available(command));

  return { all, registerCommands, registerSource, commandFor, run, listed };
});
