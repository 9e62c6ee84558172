/* SPDX-License-Identifier: MIT */
/* The two clocks of a capture: boot time orders events, wall time dates them. */
#ifndef MODTRAIL_CLOCK_H
#define MODTRAIL_CLOCK_H

#include <stdint.h>

struct clock_sample {
    int64_t boot_ns;
    int64_t wall_ns;
    int64_t uncertainty_ns; /* half the time that reading both took */
};

int64_t clock_boot_ns(void);

/* Reads both clocks, the best of a few tries. */
struct clock_sample clock_take_sample(void);

/* How far wall time has moved against boot time between two samples, in nanoseconds. */
int64_t clock_drift_ns(const struct clock_sample *from, const struct clock_sample *to);

#endif
