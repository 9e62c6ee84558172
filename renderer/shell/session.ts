/** Opens what was open, and from then on tells main of every change, a moment later. */
import { onBeforeUnmount, watch } from 'vue';
import { useSession } from '../stores/session.ts';

/** Milliseconds in which changes are gathered. A crash costs no more than these. */
const PAUSE = 300;

/** @returns when what was open is open */
export function useSessionKeeping(): Promise<void> {
  const session = useSession();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  let over = false;

  const ready = session.start();
  void ready.then(() => {
    if (over) return;
    stop = watch(
      () => JSON.stringify(session.state),
      () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          void session.keep();
        }, PAUSE);
      },
    );
    if (session.state.tabs.length > 0) void session.keep();
  });
  onBeforeUnmount(() => {
    over = true;
    stop?.();
    clearTimeout(timer);
  });
  return ready;
}
