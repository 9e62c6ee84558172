/* SPDX-License-Identifier: MIT */
/* What a cell of the capture holds. */
#ifndef MODTRAIL_VALUE_H
#define MODTRAIL_VALUE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes belong to whoever made the value. */
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

#endif
