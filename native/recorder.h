/* SPDX-License-Identifier: MIT */
/* From records to rows: joins a call's entry and return, numbers calls and events, writes processes and files once. */
#ifndef MODTRAIL_RECORDER_H
#define MODTRAIL_RECORDER_H

#include "clock.h"
#include "store.h"

#include "../bpf/records.h"

struct recorder;

struct recorder_counts {
    int64_t events;
    int64_t calls; /* recorded one by one, or with others as one row: each has its call id */
    int64_t lost;
    int64_t coalesced; /* calls that such a row stands for beyond the first */
    int64_t images;    /* whose bytes are in the capture */
};

struct recorder *recorder_new(struct store *store);
void recorder_free(struct recorder *recorder);

/* Takes one record from the ring. Returns 0 or the store's failure; a record that does not fit is counted as lost. */
int recorder_take(struct recorder *recorder, const void *bytes, size_t size);

/*
 * Writes the rows of calls that have been open since before `before_ns` (boot time), without a return. Their return,
 * should it come, becomes a row of its own.
 */
int recorder_write_pending(struct recorder *recorder, int64_t before_ns);

/* Entry of the oldest open call without a row, 0 if there is none. */
int64_t recorder_oldest_pending(const struct recorder *recorder);

/* Compares with the kernel's counters; what has grown becomes loss events reaching back to the last comparison. */
int recorder_take_losses(struct recorder *recorder, const volatile struct loss_counter *counters);

/* The same for programs that the kernel skipped. `misses` only grows. */
int recorder_take_recursion(struct recorder *recorder, uint64_t misses);

/* A loss of the collector's own making: `source` as in loss_fact. */
int recorder_put_loss(struct recorder *recorder, const char *source, int64_t lost, int64_t from_ns, int64_t to_ns);

/*
 * The store has turned to a new file: rows of the one before are forgotten. Calls that are open stay so and are written
 * again, as pending, with the call id that they have.
 */
int recorder_begin_part(struct recorder *recorder);

/* Open calls without a row. */
int64_t recorder_count_pending(const struct recorder *recorder);

/* Facts of the collector's own. `kind` is capture_start or capture_stop; ret_seq may be NULL. */
int recorder_put_own(struct recorder *recorder, const char *kind, int64_t ns, int64_t *ret_seq);
int recorder_put_clock(struct recorder *recorder, const struct clock_sample *sample);

struct recorder_counts recorder_count(const struct recorder *recorder);

#endif
