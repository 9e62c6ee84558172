/* SPDX-License-Identifier: MIT */
#include "part-kind.h"

#include <errno.h>
#include <time.h>

void part_fail(struct part *part, const char *text)
{
    snprintf(part->error, sizeof(part->error), "%s", text);
}

const struct place *part_place(const struct part *part)
{
    return &part->place;
}

const char *part_error(const struct part *part)
{
    return part->error;
}

int part_begin(struct part *part)
{
    return part->kind->begin(part);
}

int part_insert(struct part *part, enum table table, const struct value *values)
{
    return part->kind->insert(part, table, values);
}

int part_commit(struct part *part)
{
    return part->kind->commit(part);
}

void part_roll_back(struct part *part)
{
    part->kind->roll_back(part);
}

int64_t part_bytes(struct part *part)
{
    return part->kind->bytes(part);
}

int64_t part_log_bytes(const struct part *part)
{
    return part->kind->log_bytes(part);
}

int part_hold(struct part *part, int64_t file_bytes, int64_t log_bytes)
{
    return part->kind->hold(part, file_bytes, log_bytes);
}

void part_use_ballast(struct part *part)
{
    part->kind->use_ballast(part);
}

int64_t part_held(const struct part *part)
{
    return part->kind->held(part);
}

int part_merge(struct part *part)
{
    return part->kind->merge(part);
}

const char *part_look(struct part *part, char *ret_detail, size_t detail_size)
{
    return part->kind->look(part, ret_detail, detail_size);
}

int part_make_single(struct part *part)
{
    return part->kind->make_single(part);
}

void part_finish(struct part *part)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int tries;

    for (tries = 0; tries < 150 && part_make_single(part) == -EBUSY; tries++)
        nanosleep(&pause, NULL);
}

void part_close(struct part *part)
{
    if (part)
        part->kind->close(part);
}

void part_remove(struct part *part)
{
    part->kind->remove(part);
}

const char *part_reason(int error)
{
    switch (-error) {
    case ENOSPC:
    case EDQUOT:
        return "disk-full";
    case EFBIG:
        return "file-limit";
    case EROFS:
        return "folder-read-only";
    case EPIPE:
        return "peer-gone";
    default:
        return "error";
    }
}
