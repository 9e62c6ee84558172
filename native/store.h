/* SPDX-License-Identifier: MIT */
/* The capture file. Rows are only ever added; contract/schema.sql is the format. */
#ifndef MODTRAIL_STORE_H
#define MODTRAIL_STORE_H

#include "clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* One column's value. Made by the functions below. */
struct value {
    enum { VALUE_NULL, VALUE_INTEGER, VALUE_TEXT, VALUE_BLOB } type;
    int64_t integer;
    const void *bytes;
    size_t length;
};

struct value value_null(void);
struct value value_integer(int64_t integer);
/* TEXT where the bytes are UTF-8 without NUL, otherwise BLOB (columns of type ANY). */
struct value value_any(const void *bytes, size_t length);
struct value value_blob(const void *bytes, size_t length);
/* A text of this program, or NULL. */
struct value value_text(const char *text);
/* A text from outside; NULL where it is empty. */
struct value value_any_text(const char *text);

/* Tables, in the order of their columns in contract/schema.sql. */
enum table {
    TABLE_CAPTURE,
    TABLE_CAPTURE_STOP,
    TABLE_HOOK,
    TABLE_FILE,
    TABLE_PROCESS,
    TABLE_EVENT,
    TABLE_ARGUMENT_TEXT,
    TABLE_CALL_RETURN,
    TABLE_MODULE_FACT,
    TABLE_REQUEST_FACT,
    TABLE_IMAGE_FACT,
    TABLE_IMAGE,
    TABLE_IMAGE_CHUNK,
    TABLE_LOSS_FACT,
    TABLE_CLOCK_FACT,
    TABLE_SNAPSHOT_FACT,
    TABLE_SNAPSHOT_VIEW,
    TABLE_SNAPSHOT_MODULE,
    TABLE_COUNT,
};

/*
 * Creates the file, which must not exist, without following a link in its last part, and the empty tables in it.
 * Returns 0, or a negative errno with a sentence in `ret_error`; then no file is left.
 */
int store_create(const char *path, struct store **ret_store, char *ret_error, size_t error_size);

/* The file's path, absolute. */
const char *store_path(const struct store *store);

/*
 * Adds a row; a transaction is begun where none is open. Returns 0 or a negative errno, after which every further
 * call fails with the same: store_error says what went wrong.
 */
int store_insert(struct store *store, enum table table, const struct value *values, size_t count);

/* Makes what was added permanent. */
int store_commit(struct store *store);

/* Commits, and merges what readers allow from the log into the file. */
int store_merge(struct store *store);

/* Boot time at which the open transaction began, 0 where none is open. */
int64_t store_open_since(const struct store *store);

/* Bytes of the file and of what is not yet merged into it. */
int64_t store_bytes(const struct store *store);

const char *store_error(const struct store *store);

/* Commits and leaves one file without a log beside it, waiting a while for readers to let go. Frees the store. */
int store_finish(struct store *store);

/* The next row's number of a table whose numbers this program gives. */
int64_t store_next_id(struct store *store, enum table table);

#endif
