/* SPDX-License-Identifier: MIT */
#include "wall-clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define WRITE_EVERY (60 * SECOND)
#define STEP 10000000LL /* more than clocks drift apart between two looks */

/* A timer that never ends, but is cancelled whenever the wall clock is set (timerfd_create(2)). */
void wall_clock_open(struct wall_clock *clock)
{
    const struct itimerspec never = {.it_value.tv_sec = INT64_MAX / SECOND};

    clock->file = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (clock->file >= 0 && timerfd_settime(clock->file, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL))
        wall_clock_close(clock);
}

void wall_clock_close(struct wall_clock *clock)
{
    if (clock->file >= 0)
        close(clock->file);
    clock->file = -1;
}

int wall_clock_begin(struct wall_clock *clock, struct recorder *recorder, const struct clock_sample *started)
{
    clock->last = clock->so_far = *started;
    return recorder_put_clock(recorder, started);
}

int wall_clock_look(struct wall_clock *clock, struct recorder *recorder)
{
    struct clock_sample before = clock->so_far, now = clock_take_sample();
    int64_t drift = clock_drift_ns(&clock->last, &now);
    bool has_jumped = drift >= STEP || drift <= -STEP;
    int r = 0;

    clock->so_far = now;
    if (!has_jumped && now.boot_ns - clock->last.boot_ns < WRITE_EVERY)
        return 0;
    if (has_jumped && before.boot_ns > clock->last.boot_ns)
        r = recorder_put_clock(recorder, &before);
    if (!r)
        r = recorder_put_clock(recorder, &now);
    clock->last = now;
    return r;
}

int wall_clock_take(struct wall_clock *clock, struct recorder *recorder)
{
    uint64_t ticks;

    if (read(clock->file, &ticks, sizeof(ticks)) < 0 && errno != ECANCELED)
        return 0;
    return wall_clock_look(clock, recorder);
}
