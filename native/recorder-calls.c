/* SPDX-License-Identifier: MIT */
/* Calls: an entry and a return become one row; a call that stays open becomes a row without a return. */
#include "recorder-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const recorder_call_names[] = {"finit_module", "init_module", "delete_module"};

/* Which argument of the call is a text. */
static const int text_argument[] = {1, 2, 0};

int recorder_put_text(struct recorder *recorder, int64_t seq, uint32_t call, const char *phase, uint32_t state,
                      struct piece text)
{
    return store_insert(recorder->store, TABLE_ARGUMENT_TEXT,
                        (struct value[]){
                            value_integer(store_next_id(recorder->store, TABLE_ARGUMENT_TEXT)),
                            value_integer(seq),
                            value_integer(text_argument[call]),
                            value_text(phase),
                            value_text(decode_state(state)),
                            text.at ? value_any(text.at, text.length) : value_null(),
                        },
                        6);
}

static struct open_call **bucket_of(struct recorder *recorder, uint32_t tid)
{
    return &recorder->bucket[tid % OPEN_BUCKETS];
}

struct open_call *recorder_find_open(struct recorder *recorder, uint32_t tid, uint64_t ns)
{
    struct open_call *open = *bucket_of(recorder, tid);

    while (open && (open->record->head.tid != tid || (ns && open->record->head.ns != ns)))
        open = open->next_in_bucket;
    return open;
}

static void free_open(struct open_call *open)
{
    recorder_drop_caller(open->caller);
    free(open->record);
    free(open->kernel_text);
    free(open);
}

static void enter_pending(struct recorder *recorder, struct open_call *open)
{
    open->newer = NULL;
    open->older = recorder->newest;
    if (recorder->newest)
        recorder->newest->newer = open;
    else
        recorder->oldest = open;
    recorder->newest = open;
}

static void leave_pending(struct recorder *recorder, struct open_call *open)
{
    if (open->older)
        open->older->newer = open->newer;
    else if (recorder->oldest == open)
        recorder->oldest = open->newer;
    if (open->newer)
        open->newer->older = open->older;
    else if (recorder->newest == open)
        recorder->newest = open->older;
    open->older = open->newer = NULL;
}

static void remove_open(struct recorder *recorder, struct open_call *open)
{
    struct open_call **at = bucket_of(recorder, open->record->head.tid);

    while (*at != open)
        at = &(*at)->next_in_bucket;
    *at = open->next_in_bucket;
    leave_pending(recorder, open);
    free_open(open);
}

void recorder_free_calls(struct recorder *recorder)
{
    size_t i;

    for (i = 0; i < OPEN_BUCKETS; i++) {
        while (recorder->bucket[i]) {
            struct open_call *open = recorder->bucket[i];

            recorder->bucket[i] = open->next_in_bucket;
            free_open(open);
        }
    }
}

/* Writes the call's row, with its return where `ret` is given. */
int recorder_write_call(struct recorder *recorder, struct open_call *open, const struct return_record *ret)
{
    const struct entry_record *entry = open->record;
    struct event_row row = {
        .ns = (int64_t)entry->head.ns,
        .kind = recorder_call_names[entry->call],
        .call_id = value_integer(open->call_id),
        .pid = value_integer(entry->head.pid),
        .tid = value_integer(entry->head.tid),
        .arg0 = value_integer((int64_t)entry->argument[0]),
        .arg1 = value_integer((int64_t)entry->argument[1]),
        .compat = value_integer(entry->compat),
    };
    int64_t file_id, process_id;
    int r;

    if (entry->call != CALL_DELETE_MODULE)
        row.arg2 = value_integer((int64_t)entry->argument[2]);
    if (ret) {
        row.return_value = value_integer(ret->value);
        row.duration_ns = value_integer((int64_t)(ret->head.ns - entry->head.ns));
    }
    r = recorder_put_caller(recorder, open->caller, &process_id);
    if (!r)
        r = recorder_put_file(recorder, &entry->file, entry->data, &file_id);
    if (r)
        return r;
    row.process_id = value_integer(process_id);
    row.file_id = recorder_id(file_id);
    r = recorder_put_event(recorder, &row, &open->seq);
    if (r)
        return r;
    recorder->counts.calls++;
    leave_pending(recorder, open);
    r = recorder_put_text(recorder, open->seq, entry->call, "entry", entry->text.state,
                          decode_span(entry->data, &entry->text));
    if (!r && open->kernel_text_state != READ_ABSENT)
        r = recorder_put_text(recorder, open->seq, entry->call, "kernel", open->kernel_text_state,
                              (struct piece){open->kernel_text, open->kernel_text_length});
    return r;
}

static int write_late_return(struct recorder *recorder, const struct open_call *open, const struct return_record *ret)
{
    return store_insert(recorder->store, TABLE_CALL_RETURN,
                        (struct value[]){
                            value_integer(store_next_id(recorder->store, TABLE_CALL_RETURN)),
                            value_integer(open->seq),
                            value_integer(ret->value),
                            value_integer((int64_t)(ret->head.ns - open->record->head.ns)),
                        },
                        4);
}

/* The second reading is written where it says something that the first does not. */
static bool text_differs(const struct open_call *open, const struct return_record *ret)
{
    struct piece before = decode_span(open->record->data, &open->record->text);
    struct piece after = decode_span(ret->data, &ret->text);

    if (ret->text.state == READ_ABSENT)
        return false;
    if (open->record->text.state != ret->text.state || before.length != after.length)
        return true;
    return after.length && memcmp(before.at, after.at, after.length);
}

int recorder_open_call(struct recorder *recorder, const struct entry_record *entry, size_t size, struct caller *caller,
                       struct open_call **ret_open)
{
    struct open_call *open, *stale;
    int r = 0;

    /* A thread is in one call at a time: an older one of the same number has ended without returning. */
    stale = recorder_find_open(recorder, entry->head.tid, 0);
    if (stale) {
        r = stale->seq ? 0 : recorder_write_call(recorder, stale, NULL);
        remove_open(recorder, stale);
        if (r)
            return r;
    }
    open = calloc(1, sizeof(*open));
    if (!open)
        return -ENOMEM;
    open->record = malloc(size);
    if (!open->record) {
        free(open);
        return -ENOMEM;
    }
    memcpy(open->record, entry, size);
    open->record_size = size;
    open->caller = recorder_keep_caller(caller);
    open->call_id = ++recorder->last_call_id;
    open->next_in_bucket = *bucket_of(recorder, entry->head.tid);
    *bucket_of(recorder, entry->head.tid) = open;
    enter_pending(recorder, open);
    if (ret_open)
        *ret_open = open;
    return 0;
}

int recorder_take_entry(struct recorder *recorder, const struct entry_record *entry, size_t size)
{
    struct caller *caller = recorder_caller_of(recorder, entry);
    int r;

    if (!caller) {
        if (entry->process.state != READ_ABSENT)
            return -ENOMEM;
        return recorder_put_loss(recorder, "ring-call", 1, (int64_t)entry->head.ns, (int64_t)entry->head.ns);
    }
    /* The caller is kept apart; what stays are the text and the file, which lie before it. */
    if (entry->process.state != READ_ABSENT)
        size = sizeof(*entry) + entry->process.offset;
    r = recorder_open_call(recorder, entry, size, caller, NULL);
    recorder_drop_caller(caller);
    return r;
}

int recorder_take_return(struct recorder *recorder, const struct return_record *ret)
{
    struct open_call *open = recorder_find_open(recorder, ret->head.tid, ret->head.call_ns);
    int r;

    if (!open)
        return 0; /* its entry was lost, and counted */
    r = open->seq ? write_late_return(recorder, open, ret) : recorder_write_call(recorder, open, ret);
    if (!r && text_differs(open, ret))
        r = recorder_put_text(recorder, open->seq, open->record->call, "return", ret->text.state,
                              decode_span(ret->data, &ret->text));
    if (!r && ret->run)
        r = recorder_begin_run(recorder, ret->run - 1, open, ret->value);
    remove_open(recorder, open);
    return r;
}

int recorder_take_parameters(struct recorder *recorder, const struct parameters_record *parameters)
{
    struct open_call *open = recorder_find_open(recorder, parameters->head.tid, parameters->head.call_ns);
    struct piece text = decode_span(parameters->data, &parameters->text);

    if (!open)
        return 0; /* its entry was lost, and counted */
    if (open->seq)
        return recorder_put_text(recorder, open->seq, open->record->call, "kernel", parameters->text.state, text);
    if (open->kernel_text_state != READ_ABSENT)
        return 0; /* the kernel takes them apart once */
    open->kernel_text = malloc(text.length ? text.length : 1);
    if (!open->kernel_text)
        return -ENOMEM;
    if (text.length)
        memcpy(open->kernel_text, text.at, text.length);
    open->kernel_text_length = (uint32_t)text.length;
    open->kernel_text_state = parameters->text.state;
    return 0;
}

int recorder_write_pending(struct recorder *recorder, int64_t before_ns)
{
    int r = 0;

    while (!r && recorder->oldest && (int64_t)recorder->oldest->record->head.ns < before_ns)
        r = recorder_write_call(recorder, recorder->oldest, NULL);
    return r;
}

int64_t recorder_oldest_pending(const struct recorder *recorder)
{
    return recorder->oldest ? (int64_t)recorder->oldest->record->head.ns : 0;
}

int64_t recorder_count_pending(const struct recorder *recorder)
{
    const struct open_call *open;
    int64_t count = 0;

    for (open = recorder->oldest; open; open = open->newer)
        count++;
    return count + images_count_pending(recorder->images);
}

static int by_age(const void *left, const void *right)
{
    uint64_t a = (*(struct open_call *const *)left)->record->head.ns;
    uint64_t b = (*(struct open_call *const *)right)->record->head.ns;

    return a < b ? -1 : a > b;
}

/* All open calls, the oldest first. Returns how many, or -ENOMEM. */
static int64_t list_open(const struct recorder *recorder, struct open_call ***ret_calls)
{
    struct open_call *open, **calls;
    size_t count = 0, i;

    for (i = 0; i < OPEN_BUCKETS; i++)
        for (open = recorder->bucket[i]; open; open = open->next_in_bucket)
            count++;
    calls = calloc(count + 1, sizeof(calls[0]));
    if (!calls)
        return -ENOMEM;
    count = 0;
    for (i = 0; i < OPEN_BUCKETS; i++)
        for (open = recorder->bucket[i]; open; open = open->next_in_bucket)
            calls[count++] = open;
    qsort(calls, count, sizeof(calls[0]), by_age);
    *ret_calls = calls;
    return (int64_t)count;
}

/* All open calls are without a row again. */
int recorder_reopen_calls(struct recorder *recorder)
{
    struct open_call **calls = NULL;
    int64_t count = list_open(recorder, &calls);
    int64_t i;

    if (count < 0)
        return (int)count;
    recorder->oldest = recorder->newest = NULL;
    for (i = 0; i < count; i++) {
        calls[i]->seq = 0;
        enter_pending(recorder, calls[i]);
    }
    free(calls);
    return 0;
}
