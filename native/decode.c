/* SPDX-License-Identifier: MIT */
#include "decode.h"

#include <errno.h>
#include <string.h>

static bool span_fits(const struct span *span, uint32_t data_length)
{
    uint32_t end;

    if (span->state > READ_NULL)
        return false;
    if (span->length == 0)
        return true;
    return !__builtin_add_overflow(span->offset, span->length, &end) && end <= data_length;
}

/* What is not a caller's pointer is never NULL. */
static bool own_span_fits(const struct span *span, uint32_t data_length)
{
    return span->state != READ_NULL && span_fits(span, data_length);
}

static bool file_fits(const struct file_record *file, uint32_t data_length)
{
    return !file->present || own_span_fits(&file->path, data_length);
}

static bool process_fits(const uint8_t *data, struct span at, uint32_t data_length)
{
    const struct process_record *process = (const void *)(data + at.offset);

    if (at.state != READ_WHOLE || !span_fits(&at, data_length) || at.length < sizeof(*process) ||
        at.offset % _Alignof(struct process_record))
        return false;
    data_length = at.length - (uint32_t)sizeof(*process);
    return own_span_fits(&process->argv, data_length) && own_span_fits(&process->cgroup, data_length) &&
           own_span_fits(&process->ancestors, data_length) &&
           process->ancestors.length % sizeof(struct ancestor_record) == 0 && file_fits(&process->exe, data_length);
}

/* The process lies behind all else, so that it can be kept apart. */
static bool entry_fits(const struct entry_record *entry)
{
    uint32_t data_length = entry->head.data_length;

    if (entry->call > CALL_DELETE_MODULE || entry->thread > THREAD_SLOTS)
        return false;
    if (entry->process.state == READ_ABSENT) {
        if (!entry->thread || !entry->caller_ns)
            return false;
    } else {
        if (!process_fits(entry->data, entry->process, data_length))
            return false;
        data_length = entry->process.offset;
    }
    return span_fits(&entry->text, data_length) && file_fits(&entry->file, data_length);
}

static bool size_fits(size_t size, size_t head_size, uint32_t data_length)
{
    /* The ring rounds nothing up in what it hands out, so sizes must match to the byte. */
    return size >= head_size && size - head_size == data_length;
}

int decode_record(const void *bytes, size_t size, const struct record_head **ret_head)
{
    const struct record_head *head = bytes;
    bool fits = false;

    if (size < sizeof(*head))
        return -EBADMSG;
    switch (head->kind) {
    case RECORD_ENTRY: {
        const struct entry_record *entry = bytes;

        fits = size_fits(size, sizeof(*entry), head->data_length) && entry_fits(entry);
        break;
    }
    case RECORD_RETURN: {
        const struct return_record *ret = bytes;

        /* May end in room that the text did not need. */
        fits = size >= sizeof(*ret) && size - sizeof(*ret) >= head->data_length &&
               span_fits(&ret->text, head->data_length);
        break;
    }
    case RECORD_MODULE_LOAD:
    case RECORD_MODULE_FREE:
        fits = size == sizeof(struct module_record);
        break;
    case RECORD_REQUEST: {
        const struct request_record *request = bytes;

        fits = size_fits(size, sizeof(*request), head->data_length) &&
               process_fits(request->data, (struct span){0, head->data_length, READ_WHOLE}, head->data_length);
        break;
    }
    case RECORD_IMAGE:
        fits = size == sizeof(struct image_record) && ((const struct image_record *)bytes)->size >= 0;
        break;
    case RECORD_PARAMETERS: {
        const struct parameters_record *parameters = bytes;

        fits =
            size_fits(size, sizeof(*parameters), head->data_length) && span_fits(&parameters->text, head->data_length);
        break;
    }
    case RECORD_RUN:
        fits = size == sizeof(struct run_record) && ((const struct run_record *)bytes)->count <= RUN_MOST;
        break;
    case RECORD_LIKE:
        fits = size == sizeof(struct like_record);
        break;
    case RECORD_CHUNK: {
        const struct chunk_record *chunk = bytes;
        u64 end;

        /* The room of a record may be larger than what is left of the image. */
        fits = size >= sizeof(*chunk) && size - sizeof(*chunk) >= head->data_length &&
               !__builtin_add_overflow(chunk->offset, (u64)head->data_length, &end) && end <= chunk->size;
        break;
    }
    }
    if (!fits)
        return -EBADMSG;
    *ret_head = head;
    return 0;
}

struct piece decode_span(const uint8_t *data, const struct span *span)
{
    if (span->state != READ_WHOLE && span->state != READ_CUT)
        return (struct piece){0};
    return (struct piece){data + span->offset, span->length};
}

const char *decode_state(uint32_t state)
{
    switch (state) {
    case READ_WHOLE:
        return "whole";
    case READ_CUT:
        return "cut";
    case READ_NULL:
        return "null";
    default:
        return "unreadable";
    }
}

int decode_path(struct piece components, bool whole, char *ret_path, size_t size)
{
    size_t end = components.length, out = 0;

    if (!components.at || !components.length) {
        if (!whole || size < 2)
            return -1;
        memcpy(ret_path, "/", 2);
        return 1;
    }
    if (components.length == 1 && components.at[0] == '\0')
        return -1; /* one component without a name: pipes and sockets */
    while (end > 0) {
        size_t last = end - 1; /* the NUL that ends this component */
        size_t start = last;

        while (start > 0 && components.at[start - 1] != '\0')
            start--;
        if (out + 1 + (last - start) >= size)
            return -1;
        if (out > 0 || whole)
            ret_path[out++] = '/';
        memcpy(ret_path + out, components.at + start, last - start);
        out += last - start;
        end = start;
    }
    ret_path[out] = '\0';
    return (int)out;
}
