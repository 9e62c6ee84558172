/* SPDX-License-Identifier: MIT */
/* Texts into a record's data. `used` lives in the record's memory so that the verifier does not follow its values. */
#ifndef MODTRAIL_TEXT_BPF_H
#define MODTRAIL_TEXT_BPF_H

#include "maps.bpf.h"

#define TEXT_ROOM (TEXT_LIMIT + 2)

/*
 * Reads a NUL-ended text from user memory. A page that is not resident cannot be brought in here: the text is then
 * unreadable, and may be readable when the call returns. One byte more than the limit is read to tell a text of
 * exactly the limit from a longer one.
 */
static __always_inline void read_user_text(u8 *into, struct span *span, u64 address)
{
    long got;

    span->length = 0;
    if (!address) {
        span->state = READ_NULL;
        return;
    }
    got = bpf_probe_read_user_str(into, TEXT_ROOM, (const void *)address);
    if (got < 0) {
        span->state = READ_UNREADABLE;
    } else if (got > TEXT_LIMIT + 1) {
        span->state = READ_CUT;
        span->length = TEXT_LIMIT;
    } else {
        span->state = READ_WHOLE;
        span->length = got ? (u32)got - 1 : 0; /* its NUL counts, but an empty text is 0 (mm/maccess.c) */
    }
}

static __always_inline void put_user_text(struct scratch *s, u8 *data, struct span *span, u64 address)
{
    u32 offset = s->used & DATA_MASK;

    span->offset = offset;
    read_user_text(data + offset, span, address);
    s->used = offset + span->length;
}

/* Reads `from` to `to` of user memory: the argument vector, whose ends the kernel keeps. */
static __always_inline void put_user_bytes(struct scratch *s, u8 *data, struct span *span, u64 from, u64 to)
{
    u32 offset = s->used & DATA_MASK;
    u64 length = to - from;

    span->offset = offset;
    span->length = 0;
    span->state = READ_UNREADABLE;
    if (!from || to < from)
        return;
    span->state = READ_WHOLE;
    if (length > ARGV_LIMIT) {
        length = ARGV_LIMIT;
        span->state = READ_CUT;
    }
    if (bpf_probe_read_user(data + offset, (u32)length & 0x1fff, (const void *)from)) {
        span->state = READ_UNREADABLE;
        return;
    }
    span->length = (u32)length;
    s->used = offset + (u32)length;
}

#endif
