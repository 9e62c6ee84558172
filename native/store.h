/* SPDX-License-Identifier: MIT */
/*
 * The capture. Rows are only ever added; contract/schema.sql is the format, and every commit is sealed (docs/seal.md).
 * A recording has one file, or with --rotate one after the other, its parts.
 */
#ifndef MODTRAIL_STORE_H
#define MODTRAIL_STORE_H

#include "clock.h"
#include "options.h"
#include "tables.h"
#include "value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/*
 * Creates the file that the options name, which must not exist, and the empty tables in it, or begins the stream; reads
 * the signing key. The file's folder becomes the working folder. Returns 0, or a negative errno with a sentence in `ret_error`; then no file
 * is left.
 */
int store_create(const struct options *options, struct store **ret_store, char *ret_error, size_t error_size);

/* The path of the file that is written to, absolute, as it was when the recording began; words for a stream. */
const char *store_path(const struct store *store);

/* For the row in `capture`: the file's number, the last seal of the file before it, the key of its signatures. */
int store_part(const struct store *store);
struct value store_previous_digest(const struct store *store);
struct value store_signing_key(const struct store *store);

/* The next row's number of a table whose numbers this program gives. */
int64_t store_next_id(struct store *store, enum table table);

/* The last number that was given, 0 before the first. */
int64_t store_last_id(const struct store *store, enum table table);

/*
 * Adds a row; a transaction is begun where none is open. Returns 0 or a negative errno, after which every further
 * call fails with the same until store_recover: store_error says what went wrong. A table's keys must grow.
 */
int store_insert(struct store *store, enum table table, const struct value *values, size_t count);

/* Removes what store_create made, where nothing was recorded, and frees the store. */
void store_abandon(struct store *store);

/* Seals what was added and makes it permanent. */
int store_commit(struct store *store);

/* Commits, and merges what readers allow from the log into the file. */
int store_merge(struct store *store);

/* Boot time at which the open transaction began, 0 where none is open. */
int64_t store_open_since(const struct store *store);

/* Boot time of the last commit, 0 before the first. */
int64_t store_committed_at(const struct store *store);

/* Bytes of the file, with what is not yet merged into it. */
int64_t store_bytes(const struct store *store);

/* --- trouble --- */

/*
 * Why the recording cannot go on: NULL, or the word that capture_stop.reason takes; store_error says more. Rows can
 * still be added, for the end, unless a call has failed.
 */
const char *store_trouble(const struct store *store);
const char *store_error(const struct store *store);

/* Looks once whether file and folder are still what they were; what it finds is store_trouble. */
void store_watch(struct store *store);

/* What was lost with a transaction. */
struct store_lost {
    int64_t events;  /* a row that stands for several counts as so many */
    int64_t from_ns; /* boot time of the first of them */
};

/*
 * After a failure: gives the open transaction up, as if its rows had never been added, and takes rows again. Numbers of
 * rows that were lost are given again, so whoever remembers them must forget them.
 */
struct store_lost store_recover(struct store *store);

/* --- size --- */

/* Says that the file's beginning is written: that much is kept free for its end. */
void store_begun(struct store *store);

/*
 * Why no more should be added to this file but its end: NULL, or "size-limit", "file-limit" or "disk-full". Cheap.
 */
const char *store_full(struct store *store);

/* Whether an image of so many bytes, in chunks, has room in this file and on the disk, which is set aside for it. */
enum store_room {
    ROOM_HERE,
    ROOM_IN_NEXT_FILE, /* which store_full asks for from now on: try again after the turn */
    ROOM_NOWHERE,
};
enum store_room store_fits(struct store *store, int64_t bytes);

/*
 * Creates the next file, which store_turn makes the one that is written to. Returns 0 or a negative errno; then the
 * store goes on as it was, with store_trouble.
 */
int store_prepare_turn(struct store *store);
int store_turn(struct store *store);

/* Finishes files that were turned from, as soon as their readers let them. */
void store_tend(struct store *store);

/*
 * Commits and leaves one file without a log beside it, waiting a while for readers to let go. Frees the store. A file
 * whose last rows could not be written stays marked as one that grows, as a killed recorder leaves it: marked as whole
 * it would look as if somebody had cut its end off.
 */
int store_finish(struct store *store, bool has_end);

#endif
