/* SPDX-License-Identifier: MIT */
/* Records as they come from the ring, checked before anything is read out of them. */
#ifndef MODTRAIL_DECODE_H
#define MODTRAIL_DECODE_H

#include "../bpf/records.h"

#include <stdbool.h>
#include <stddef.h>

/* Calls that one run can stand for: centuries of them. A larger number is none that was counted, and has no sum. */
#define RUN_MOST (1ull << 48)

/* Bytes somewhere in a record. `at` is NULL where there are none. */
struct piece {
    const uint8_t *at;
    size_t length;
};

/*
 * Checks that `size` bytes are one whole record: kind, lengths, and every span inside the data.
 * Returns 0 with the head, or -EBADMSG.
 */
int decode_record(const void *bytes, size_t size, const struct record_head **ret_head);

struct piece decode_span(const uint8_t *data, const struct span *span);

/* "whole", "cut", "unreadable" or "null" as the capture writes them. */
const char *decode_state(uint32_t state);

/*
 * Turns components from leaf to root into a path. Returns its length, or -1 where there is no path (a pipe).
 * A cut path has no leading slash: its upper part is missing.
 */
int decode_path(struct piece components, bool whole, char *ret_path, size_t size);

#endif
