/* SPDX-License-Identifier: MIT */
/* Follows the wall clock, which anybody may set, so that what happened before and after can be dated. */
#ifndef MODTRAIL_WALL_CLOCK_H
#define MODTRAIL_WALL_CLOCK_H

#include "clock.h"
#include "recorder.h"

struct wall_clock {
    int file;                   /* readable when somebody sets the clock; -1: not to be had */
    struct clock_sample last;   /* in the capture */
    struct clock_sample so_far; /* the last one taken */
};

void wall_clock_open(struct wall_clock *clock);
void wall_clock_close(struct wall_clock *clock);

/* The sample that a file begins with. */
int wall_clock_begin(struct wall_clock *clock, struct recorder *recorder, const struct clock_sample *started);

/* Adds a sample where one is due: now and then, and where the clock has jumped, also the last one before that. */
int wall_clock_look(struct wall_clock *clock, struct recorder *recorder);

/* The same, when `file` is readable. */
int wall_clock_take(struct wall_clock *clock, struct recorder *recorder);

#endif
