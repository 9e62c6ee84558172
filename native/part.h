/* SPDX-License-Identifier: MIT */
/*
 * Where the rows of a recording go: one file, as SQLite writes it, with its log and the merging of it; or a stream, which
 * is somewhere else's file (docs/stream.md).
 */
#ifndef MODTRAIL_PART_H
#define MODTRAIL_PART_H

#include "place.h"
#include "tables.h"
#include "value.h"

#include <stddef.h>
#include <stdint.h>

struct part;

/* Creates the file at `place`, which is copied, and the empty tables in it. On failure no file is left. */
int part_create(const struct place *place, struct part **ret_part, char *ret_error, size_t error_size);

/*
 * Writes a stream to an open file: a pipe, a socket, a serial line. It belongs to the caller. Returns 0, or a negative
 * errno with a sentence.
 */
int part_create_stream(int file, struct part **ret_part, char *ret_error, size_t error_size);

/* Of a stream: without a folder (-1), and with words for a name. */
const struct place *part_place(const struct part *part);

/* The functions below return 0, or a negative errno, and part_error says more. */
int part_begin(struct part *part);
int part_commit(struct part *part);
int part_insert(struct part *part, enum table table, const struct value *values);
const char *part_error(const struct part *part);

/* The word that capture_stop.reason takes for such a failure. */
const char *part_reason(int error);

/* Ends the open transaction, if there is one, without its rows. */
void part_roll_back(struct part *part);

/* Bytes that the file has once everything is merged, the open transaction too. Negative errno. */
int64_t part_bytes(struct part *part);

/* Bytes of the log since it was last merged whole, without the open transaction. */
int64_t part_log_bytes(const struct part *part);

/* Sees to it that file and log find room for so many bytes: reserve_hold. */
int part_hold(struct part *part, int64_t file_bytes, int64_t log_bytes);

/*
 * Frees the room that was set aside in a file of its own, where the filesystem can do nothing better. part_hold sets it
 * aside again.
 */
void part_use_ballast(struct part *part);

/* Bytes of the file that surely have a place on the disk. */
int64_t part_held(const struct part *part);

/* Merges what readers allow from the log into the file. 0 also where they allow nothing. */
int part_merge(struct part *part);

/* What has become of the file: place_look. Of a stream: NULL or "peer-gone", and the peer hears that all is well. */
const char *part_look(struct part *part, char *ret_detail, size_t detail_size);

/* Makes one file without a log of it, or ends the stream. -EBUSY where a reader still looks at it. */
int part_make_single(struct part *part);

/* The same at the end of a recording: readers get some seconds to let go of the file. */
void part_finish(struct part *part);

void part_close(struct part *part);

/* Closes and deletes. */
void part_remove(struct part *part);

#endif
