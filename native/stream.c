/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define VERSION 1
#define CAPTURE_FORMAT 2
#define COUNTED 4 /* bytes before those of a text or blob */
#define INTEGER_SIZE 8
#define CHECK_OFFSET 8 /* of the check in a frame's head */

static const char magic[16] = "MODTRAIL STREAM\n";

static void put_32(uint8_t *to, uint32_t number)
{
    size_t i;

    for (i = 0; i < 4; i++)
        to[i] = (uint8_t)(number >> (8 * i));
}

static uint32_t get_32(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void put_64(uint8_t *to, uint64_t number)
{
    put_32(to, (uint32_t)number);
    put_32(to + 4, (uint32_t)(number >> 32));
}

static uint64_t get_64(const uint8_t *from)
{
    return get_32(from) | (uint64_t)get_32(from + 4) << 32;
}

void stream_write_preamble(uint8_t ret_bytes[STREAM_PREAMBLE])
{
    memcpy(ret_bytes, magic, sizeof(magic));
    put_32(ret_bytes + sizeof(magic), VERSION);
    put_32(ret_bytes + sizeof(magic) + 4, CAPTURE_FORMAT);
}

int stream_read_preamble(const uint8_t bytes[STREAM_PREAMBLE], char *ret_error, size_t error_size)
{
    uint32_t version = get_32(bytes + sizeof(magic)), format = get_32(bytes + sizeof(magic) + 4);

    if (memcmp(bytes, magic, sizeof(magic))) {
        snprintf(ret_error, error_size, "what arrives is no stream of a recorder: it does not begin as one");
        return -EINVAL;
    }
    if (version == VERSION && format == CAPTURE_FORMAT)
        return 0;
    snprintf(ret_error, error_size,
             "the stream has version %u for captures of format %u; this program reads version %d for format %d",
             version, format, VERSION, CAPTURE_FORMAT);
    return -EINVAL;
}

/* Kind, three zeros, bytes of the content, and a CRC-32 over these and the content. */
static void finish_frame(uint8_t *frame, enum stream_kind kind, size_t content)
{
    uLong check = crc32(0, NULL, 0);

    memset(frame, 0, STREAM_HEAD);
    frame[0] = (uint8_t)kind;
    put_32(frame + 4, (uint32_t)content);
    check = crc32(check, frame, CHECK_OFFSET);
    check = crc32(check, frame + STREAM_HEAD, (uInt)content);
    put_32(frame + CHECK_OFFSET, (uint32_t)check);
}

void stream_write_mark(uint8_t ret_bytes[STREAM_HEAD], enum stream_kind kind)
{
    finish_frame(ret_bytes, kind, 0);
}

size_t stream_row_size(enum table table, const struct value *values)
{
    size_t size = STREAM_HEAD + 2, i;

    for (i = 0; i < tables[table].columns; i++) {
        size += 1;
        if (values[i].type == VALUE_INTEGER)
            size += INTEGER_SIZE;
        else if (values[i].type != VALUE_NULL)
            size += COUNTED + values[i].length;
    }
    return size;
}

void stream_write_row(uint8_t *ret_bytes, enum table table, const struct value *values)
{
    uint8_t *to = ret_bytes + STREAM_HEAD;
    size_t i;

    *to++ = (uint8_t)table;
    *to++ = (uint8_t)tables[table].columns;
    for (i = 0; i < tables[table].columns; i++) {
        const struct value *value = &values[i];

        *to++ = (uint8_t)value->type;
        if (value->type == VALUE_INTEGER) {
            put_64(to, (uint64_t)value->integer);
            to += INTEGER_SIZE;
        } else if (value->type != VALUE_NULL) {
            put_32(to, (uint32_t)value->length);
            memcpy(to + COUNTED, value->bytes, value->length);
            to += COUNTED + value->length;
        }
    }
    finish_frame(ret_bytes, STREAM_ROW, (size_t)(to - ret_bytes) - STREAM_HEAD);
}

/* One value at the beginning of `from`. Returns its bytes, 0 where it is none. */
static size_t read_value(const uint8_t *from, size_t left, struct value *ret_value)
{
    uint32_t length;

    if (left < 1)
        return 0;
    switch (*from) {
    case VALUE_NULL:
        *ret_value = value_null();
        return 1;
    case VALUE_INTEGER:
        if (left < 1 + INTEGER_SIZE)
            return 0;
        *ret_value = value_integer((int64_t)get_64(from + 1));
        return 1 + INTEGER_SIZE;
    case VALUE_TEXT:
    case VALUE_BLOB:
        if (left < 1 + COUNTED)
            return 0;
        length = get_32(from + 1);
        if (length > left - 1 - COUNTED)
            return 0;
        *ret_value = value_blob(from + 1 + COUNTED, length);
        if (*from == VALUE_BLOB)
            return 1 + COUNTED + length;
        ret_value->type = VALUE_TEXT;
        return utf8_is_text(ret_value->bytes, length) ? 1 + COUNTED + length : 0;
    default:
        return 0;
    }
}

static int read_row(const uint8_t *content, size_t size, struct stream_frame *frame)
{
    size_t at = 2, i;

    if (size < 2 || content[0] >= TABLE_COUNT || content[1] != tables[content[0]].columns)
        return -EINVAL;
    frame->table = content[0];
    for (i = 0; i < tables[frame->table].columns; i++) {
        size_t taken = read_value(content + at, size - at, &frame->values[i]);

        if (!taken)
            return -EINVAL;
        at += taken;
    }
    return at == size ? 0 : -EINVAL;
}

static ssize_t refuse(const char *text, char *ret_error, size_t error_size)
{
    snprintf(ret_error, error_size, "the stream is damaged: %s", text);
    return -EINVAL;
}

ssize_t stream_read(const uint8_t *bytes, size_t size, struct stream_frame *ret_frame, char *ret_error,
                    size_t error_size)
{
    uLong check = crc32(0, NULL, 0);
    uint32_t content;

    if (size < STREAM_HEAD)
        return 0;
    content = get_32(bytes + 4);
    if (bytes[0] < STREAM_ROW || bytes[0] > STREAM_END || bytes[1] || bytes[2] || bytes[3] ||
        content > STREAM_CONTENT_LIMIT || (content && bytes[0] != STREAM_ROW))
        return refuse("there is no such frame", ret_error, error_size);
    if (size - STREAM_HEAD < content)
        return 0;
    check = crc32(check, bytes, CHECK_OFFSET);
    check = crc32(check, bytes + STREAM_HEAD, content);
    if (get_32(bytes + CHECK_OFFSET) != check)
        return refuse("a frame's check does not hold", ret_error, error_size);
    ret_frame->kind = bytes[0];
    if (ret_frame->kind == STREAM_ROW && read_row(bytes + STREAM_HEAD, content, ret_frame))
        return refuse("a frame is no row", ret_error, error_size);
    return (ssize_t)(STREAM_HEAD + content);
}
