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
  /** Rows that have come and are being scrolled to. */
  let coming = 0;

  watch(
    [sight.atEnd, sight.height],
    ([now, height], [, before]) => {
      // Room that was taken away, by a notice say, is nothing that the user has scrolled.
      const resized = height !== before && follows.value && total.value > 0;
      if (resized) void sight.show(total.value - 1);
      // Nor are rows that have come.
      else if (coming === 0) following.value = now;
    },
    { flush: 'post' },
  );
  watch(total, async (rows) => {
    if (rows === 0 || !follows.value) return;
    coming += 1;
    await sight.show(rows - 1);
    coming -= 1;
  });
  return { following, follows };
}
