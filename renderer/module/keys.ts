/** Keys of the inspector, wherever the focus is in it. */
import { onBeforeUnmount, onMounted } from 'vue';

export interface ModuleKeys {
  back(): void;
  forward(): void;
  find(): void;
  searchBytes(): void;
  goToOffset(): void;
  /** To the next hit in the bytes, or the one before. */
  step(by: 1 | -1): void;
  /** To the tab beside, or the one before. */
  tab(by: 1 | -1): void;
  toggleBytes(): void;
  /** To the code at the cursor in the bytes. */
  code(): void;
  leave(): void;
}

/** What a key does; undefined where it does nothing here. @param inField - the focus is in a field that text goes into */
export function deedOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
  inField: boolean,
  keys: ModuleKeys,
): (() => void) | undefined {
  const { ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta } = event;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (meta) return undefined;
  if (alt && !ctrl) return key === 'ArrowLeft' ? keys.back : key === 'ArrowRight' ? keys.forward : undefined;
  if (ctrl && !alt) {
    switch (key) {
      case 'f':
        return shift ? keys.searchBytes : keys.find;
      case 'g':
        return keys.goToOffset;
      case 'PageUp':
        return () => {
          keys.tab(-1);
        };
      case 'PageDown':
        return () => {
          keys.tab(1);
        };
      default:
        return undefined;
    }
  }
  if (key === 'F3') {
    return () => {
      keys.step(shift ? -1 : 1);
    };
  }
  if (inField) return undefined;
  if (key === 'Escape') return keys.leave;
  if (key === 'Backspace') return keys.back;
  if (key === 'b') return keys.toggleBytes;
  if (key === 'c') return keys.code;
  return key === '/' ? keys.searchBytes : undefined;
}

const FIELDS = 'input, textarea, select, [contenteditable]';

export function useModuleKeys(keys: ModuleKeys): void {
  function pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || target.closest('[role="dialog"], [role="menu"]')) return;
    const deed = deedOf(event, target.closest(FIELDS) !== null, keys);
    if (!deed) return;
    event.preventDefault();
    deed();
  }
  onMounted(() => {
    window.addEventListener('keydown', pressed);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed);
  });
}
