/* SPDX-License-Identifier: MIT */
/*
 * Who makes a call: a thread with failing calls is described about once a second, and its other entries refer to that
 * description (bpf/records.h).
 */
#include "recorder-parts.h"

#include <stdlib.h>
#include <string.h>

struct caller *recorder_keep_caller(struct caller *caller)
{
    caller->users++;
    return caller;
}

void recorder_drop_caller(struct caller *caller)
{
    if (caller && !--caller->users)
        free(caller);
}

void recorder_free_callers(struct recorder *recorder)
{
    size_t i;

    for (i = 0; i < THREAD_SLOTS; i++)
        recorder_drop_caller(recorder->caller[i]);
}

static struct caller *new_caller(const struct entry_record *entry)
{
    size_t length = entry->process.length;
    struct caller *caller = calloc(1, sizeof(*caller) + length);

    if (!caller)
        return NULL;
    caller->users = 1;
    caller->ns = (int64_t)entry->head.ns;
    caller->pid = entry->head.pid;
    memcpy(&caller->process, entry->data + entry->process.offset, length);
    return caller;
}

struct caller *recorder_caller_of(struct recorder *recorder, const struct entry_record *entry)
{
    struct caller **slot = entry->thread ? &recorder->caller[entry->thread - 1] : NULL;
    struct caller *caller;

    if (entry->process.state == READ_ABSENT) {
        caller = *slot;
        if (!caller || caller->ns != (int64_t)entry->caller_ns)
            return NULL;
        return recorder_keep_caller(caller);
    }
    caller = new_caller(entry);
    if (caller && slot) {
        recorder_drop_caller(*slot);
        *slot = recorder_keep_caller(caller);
    }
    return caller;
}

int recorder_put_caller(struct recorder *recorder, struct caller *caller, int64_t *ret_id)
{
    int r = 0;

    if (!caller->process_id || caller->part != recorder->part) {
        r = recorder_put_process(recorder, caller->pid, &caller->process, &caller->process_id);
        caller->part = recorder->part;
    }
    *ret_id = r ? 0 : caller->process_id;
    return r;
}
