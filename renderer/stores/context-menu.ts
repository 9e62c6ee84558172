/** The one menu that opens where something was pointed at. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

export interface MenuAction {
  readonly label: string;
  /** A key, or what the action would do. */
  readonly hint?: string;
  /** Present where the action turns something on and off. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  run(): void;
}

export interface MenuHeading {
  readonly heading: string;
  /** It is written as it stands: a filter, a value. */
  readonly exact?: true;
}

export type MenuEntry = MenuAction | 'line' | MenuHeading;

/** Where it opens, in pixels of the window. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

export const useContextMenu = defineStore('context-menu', () => {
  const isOpen = ref(false);
  const place = shallowRef<MenuPlace>({ x: 0, y: 0 });
  const entries = shallowRef<readonly MenuEntry[]>([]);

  function open(at: MenuPlace, shown: readonly MenuEntry[]): void {
    place.value = { x: at.x, y: at.y };
    entries.value = shown;
    isOpen.value = true;
  }

  return { isOpen, place, entries, open };
});

/** Below an element, for menus that a key opens. */
export function under(element: Element): MenuPlace {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left + 8, y: bottom };
}
