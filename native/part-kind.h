/* SPDX-License-Identifier: MIT */
/* What a kind of part brings: a file (file-part.c) or a stream (stream-part.c). For part.c and these two only. */
#ifndef MODTRAIL_PART_KIND_H
#define MODTRAIL_PART_KIND_H

#include "part.h"

#include <stdio.h>

/* The functions of part.h, by the same names. */
struct part_kind {
    int (*begin)(struct part *part);
    int (*insert)(struct part *part, enum table table, const struct value *values);
    int (*commit)(struct part *part);
    void (*roll_back)(struct part *part);
    int64_t (*bytes)(struct part *part);
    int64_t (*log_bytes)(const struct part *part);
    int (*hold)(struct part *part, int64_t file_bytes, int64_t log_bytes);
    void (*use_ballast)(struct part *part);
    int64_t (*held)(const struct part *part);
    int (*merge)(struct part *part);
    const char *(*look)(struct part *part, char *ret_detail, size_t detail_size);
    int (*make_single)(struct part *part);
    void (*close)(struct part *part);
    void (*remove)(struct part *part);
};

/* The beginning of every part. */
struct part {
    const struct part_kind *kind;
    struct place place;
    char error[256];
};

/* Sets what part_error says. */
void part_fail(struct part *part, const char *text);

#endif
