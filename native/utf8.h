/* SPDX-License-Identifier: MIT */
#ifndef MODTRAIL_UTF8_H
#define MODTRAIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the sequence that begins here, 0 where none does (and at a NUL). `left` is at least 1. */
size_t utf8_length(const unsigned char *at, size_t left);

/* Whether these bytes are UTF-8 without NUL (Unicode 15, table 3-7: no surrogates, no overlong forms). */
bool utf8_is_text(const void *bytes, size_t length);

#endif
