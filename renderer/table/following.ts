/** Keeps the last row in sight while rows arrive, until the user scrolls away from it. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { RowsInSight } from './in-sight.ts';

export interface Following {
  /** Whether the end was in sight before the rows came that are there now. */
  readonly following: Ref<boolean>;
  /** Whether rows arrive there and are followed. */
  readonly follows: ComputedRef<boolean>;
}

/** @param grows - whether rows arrive at the end */
export function useFollowing(sight: RowsInSight, total: Readonly<Ref<number>>, grows: () => boolean): Following {
  const following = ref(true);
  const follows = computed(() => grows() && following.value);
  /** Where the end was put last: what is still there, nobody has scrolled. */
  let put = sight.top.value;
  let isPutting = false;

  async function toEnd(): Promise<void> {
    isPutting = true;
    for (let isDone = false; !isDone;) {
      const [rows, height] = [total.value, sight.height.value];
      await sight.show(rows - 1);
      put = sight.top.value;
      // More may have come meanwhile.
      isDone = !follows.value || (total.value === rows && sight.height.value === height);
    }
    isPutting = false;
  }

  watch(
    [sight.atEnd, sight.top, sight.height, total, grows],
    ([atEnd, top]) => {
      if (atEnd) {
        following.value = true;
        put = top;
      } else if (!isPutting && top !== put) following.value = false;
      // Rows that have come, or room that was taken away, by a notice say, are nothing that the user has scrolled.
      else if (!isPutting && follows.value) void toEnd();
    },
    { flush: 'post' },
  );
  return { following, follows };
}
