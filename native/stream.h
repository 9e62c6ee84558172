/* SPDX-License-Identifier: MIT */
/*
 * A capture on its way to another machine: the rows as they are added, and where commits are. docs/stream.md is the
 * format. These functions only read and write bytes; whoever reads them may not trust them.
 */
#ifndef MODTRAIL_STREAM_H
#define MODTRAIL_STREAM_H

#include "tables.h"
#include "value.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STREAM_PREAMBLE 24             /* bytes */
#define STREAM_HEAD 12                 /* bytes before a frame's content */
#define STREAM_CONTENT_LIMIT (4 << 20) /* a chunk of an image has 256 KiB */
#define STREAM_COLUMNS 32              /* no table has more */

enum stream_kind {
    STREAM_ROW = 1,  /* of a table */
    STREAM_COMMIT,   /* the rows since the last one are evidence */
    STREAM_ROLLBACK, /* the rows since the last one never were */
    STREAM_ALIVE,    /* nothing; once a second */
    STREAM_END,      /* the recording is over */
};

struct stream_frame {
    enum stream_kind kind;
    enum table table; /* of a row, with as many values as it has columns */
    struct value values[STREAM_COLUMNS];
};

void stream_write_preamble(uint8_t ret_bytes[STREAM_PREAMBLE]);

/* Returns 0, or -EINVAL with a sentence where what begins so is none that this program reads. */
int stream_read_preamble(const uint8_t bytes[STREAM_PREAMBLE], char *ret_error, size_t error_size);

/* Bytes of the frame. */
size_t stream_row_size(enum table table, const struct value *values);

/* `ret_bytes` has room for them. */
void stream_write_row(uint8_t *ret_bytes, enum table table, const struct value *values);

/* The other kinds, which are STREAM_HEAD bytes long. */
void stream_write_mark(uint8_t ret_bytes[STREAM_HEAD], enum stream_kind kind);

/*
 * Reads the frame at the beginning of `bytes`; its values point into them. Returns the frame's bytes, 0 where they are
 * not all there, or -EINVAL with a sentence where it is no frame.
 */
ssize_t stream_read(const uint8_t *bytes, size_t size, struct stream_frame *ret_frame, char *ret_error,
                    size_t error_size);

#endif
