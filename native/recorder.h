/* SPDX-License-Identifier: MIT */
/* From records to rows: joins a call's entry and return, numbers calls and events, writes processes and files once. */
#ifndef MODTRAIL_RECORDER_H
#define MODTRAIL_RECORDER_H

#include "clock.h"
#include "options.h"
#include "store.h"

#include "../bpf/records.h"

struct recorder;

struct recorder_counts {
    int64_t events;
    int64_t calls;     /* rows of calls */
    int64_t coalesced; /* calls that have no row of their own, but are in the `repeat` of another */
    int64_t lost;
    int64_t images; /* read by the kernel */
};

struct recorder_setup {
    const struct options *options;
    /* THREAD_SLOTS of them, shared with the kernel side. */
    struct thread_calls *threads;
};

/* `setup` is kept and must outlive the recorder. */
struct recorder *recorder_new(struct store *store, const struct recorder_setup *setup);
void recorder_free(struct recorder *recorder);

/* Takes one record from the ring. Returns 0 or the store's failure; a record that does not fit is counted as lost. */
int recorder_take(struct recorder *recorder, const void *bytes, size_t size);

/* The same for a record of the ring for images. */
int recorder_take_chunk(struct recorder *recorder, const void *bytes, size_t size);

/*
 * Writes images whose bytes have arrived, a bounded number of bytes at a time, or all that will ever be: `last`.
 * Returns 0 or the store's failure.
 */
int recorder_write_images(struct recorder *recorder, bool last);

/* Writes what is left of the image that is written in pieces, so that all of them lie in one file. */
int recorder_finish_image(struct recorder *recorder);

/* Whether images wait for that, or for the rest of their bytes. */
bool recorder_has_images(const struct recorder *recorder);

/* Whether one of them takes more than one round to write. */
bool recorder_has_large_image(const struct recorder *recorder);

/*
 * Looks at the calls that the kernel side only counts: those that go on for long become rows once a second, and one
 * that does not come back becomes a pending row. To be called every few milliseconds while recorder_has_runs.
 */
int recorder_watch_runs(struct recorder *recorder);
bool recorder_has_runs(const struct recorder *recorder);

/* Writes what is still only counted. After the programs are off. */
int recorder_end_runs(struct recorder *recorder);

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

/* Rows that were written are in another file by now, or gone: they are forgotten, and written again where needed. */
int recorder_forget_rows(struct recorder *recorder);

/*
 * The store has turned to a new file: the same, and calls that are open are written again, as pending, with the call id
 * that they have.
 */
int recorder_begin_part(struct recorder *recorder);

/* Open calls and images without a row. */
int64_t recorder_count_pending(const struct recorder *recorder);

/* Facts of the collector's own. `kind` is capture_start or capture_stop; ret_seq may be NULL. */
int recorder_put_own(struct recorder *recorder, const char *kind, int64_t ns, int64_t *ret_seq);
int recorder_put_clock(struct recorder *recorder, const struct clock_sample *sample);

struct recorder_counts recorder_count(const struct recorder *recorder);

#endif
