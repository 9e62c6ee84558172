/* SPDX-License-Identifier: MIT */
/*
 * Frames of a stream. Of every two inputs one is taken as it is; in the other each frame's check is put right before it
 * is read, or nothing behind the check would ever be reached. All bytes that a row's values name are touched.
 */
#include "../native/stream.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CHECK_OFFSET 8

static void put_right(uint8_t *frame, size_t left)
{
    uLong check = crc32(0, NULL, 0);
    size_t content, i;

    if (left < STREAM_HEAD)
        return;
    content = frame[4] | (size_t)frame[5] << 8 | (size_t)frame[6] << 16 | (size_t)frame[7] << 24;
    if (content > left - STREAM_HEAD)
        return;
    check = crc32(check, frame, CHECK_OFFSET);
    check = crc32(check, frame + STREAM_HEAD, (uInt)content);
    for (i = 0; i < 4; i++)
        frame[CHECK_OFFSET + i] = (uint8_t)(check >> (8 * i));
}

/* What is written back must be what was read. */
static void look_at_row(const struct stream_frame *frame, const uint8_t *bytes, size_t size)
{
    uint8_t *again = malloc(size);

    if (!again || stream_row_size(frame->table, frame->values) != size)
        abort();
    stream_write_row(again, frame->table, frame->values);
    if (memcmp(again, bytes, size))
        abort();
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t left = size ? size - 1 : 0;
    uint8_t *bytes = malloc(left + 1), *at = bytes;

    if (!bytes)
        abort();
    memcpy(bytes, data + (size ? 1 : 0), left);
    for (;;) {
        struct stream_frame frame;
        char error[200] = "";
        ssize_t taken;

        if (size && data[0] & 1)
            put_right(at, left);
        taken = stream_read(at, left, &frame, error, sizeof(error));
        if (taken < 0 && !*error)
            abort();
        if (taken <= 0)
            break;
        if ((size_t)taken > left)
            abort();
        if (frame.kind == STREAM_ROW)
            look_at_row(&frame, at, (size_t)taken);
        at += taken;
        left -= (size_t)taken;
    }
    free(bytes);
    return 0;
}
