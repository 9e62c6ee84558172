/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_boot_ns(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

struct clock_sample clock_take_sample(void)
{
    struct clock_sample best = {.uncertainty_ns = INT64_MAX};
    int i;

    for (i = 0; i < 3; i++) {
        int64_t before = read_clock(CLOCK_BOOTTIME);
        int64_t wall = read_clock(CLOCK_REALTIME);
        int64_t after = read_clock(CLOCK_BOOTTIME);

        if ((after - before) / 2 >= best.uncertainty_ns)
            continue;
        best.boot_ns = before + (after - before) / 2;
        best.wall_ns = wall;
        best.uncertainty_ns = (after - before) / 2;
    }
    return best;
}

int64_t clock_drift_ns(const struct clock_sample *from, const struct clock_sample *to)
{
    return (to->wall_ns - from->wall_ns) - (to->boot_ns - from->boot_ns);
}
