/* SPDX-License-Identifier: MIT */
/*
 * Runs: failing calls that a thread repeats, of which the kernel side sends only how many there were
 * (bpf/runs.bpf.h). Here they become rows, each like the call that was last recorded by itself.
 */
#include "recorder-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MILLISECOND 1000000LL
#define ANNOUNCE_AFTER (50 * MILLISECOND)
#define FLUSH_EVERY (1000 * MILLISECOND)
/* Longer than the kernel side lets a run go on without a call, so that its count cannot grow any more. */
#define SILENT_AFTER (2000 * MILLISECOND)
#define WATCHED_AFTER (3000 * MILLISECOND)

_Static_assert(SILENT_AFTER > (long long)RUN_GAP_NS, "a silent run has ended");

static void free_run(struct repeated_call *call)
{
    if (!call)
        return;
    recorder_drop_caller(call->caller);
    free(call->record);
    free(call);
}

void recorder_free_runs(struct recorder *recorder)
{
    size_t i;

    for (i = 0; i < RUN_COUNT; i++)
        free_run(recorder->run[i]);
}

void recorder_forget_run_rows(struct recorder *recorder)
{
    size_t i;

    for (i = 0; i < RUN_COUNT; i++) {
        if (recorder->run[i])
            recorder->run[i]->like_seq = 0;
    }
}

int recorder_begin_run(struct recorder *recorder, uint32_t run, const struct open_call *open, int64_t value)
{
    struct repeated_call *call;

    if (run >= RUN_COUNT)
        return 0;
    call = calloc(1, sizeof(*call));
    if (!call)
        return -ENOMEM;
    call->record = malloc(open->record_size);
    if (!call->record) {
        free(call);
        return -ENOMEM;
    }
    memcpy(call->record, open->record, open->record_size);
    call->record_size = open->record_size;
    call->value = value;
    call->caller = recorder_keep_caller(open->caller);
    call->like_seq = open->seq;
    free_run(recorder->run[run]);
    recorder->run[run] = call;
    recorder->runs_watched_until = clock_boot_ns() + WATCHED_AFTER;
    return 0;
}

static struct repeated_call *find_run(struct recorder *recorder, uint32_t run, uint64_t like_ns)
{
    struct repeated_call *call = run < RUN_COUNT ? recorder->run[run] : NULL;

    return call && call->record->head.ns == like_ns ? call : NULL;
}

/* A call that is like those of a run, and yet has a row of its own. */
static int open_alike(struct recorder *recorder, const struct repeated_call *call, uint64_t ns,
                      struct open_call **ret_open)
{
    struct entry_record *record = malloc(call->record_size);
    int r;

    if (!record)
        return -ENOMEM;
    memcpy(record, call->record, call->record_size);
    record->head.ns = record->head.call_ns = ns;
    r = recorder_open_call(recorder, record, call->record_size, call->caller, ret_open);
    free(record);
    return r;
}

int recorder_take_like(struct recorder *recorder, const struct like_record *like)
{
    const struct repeated_call *call = find_run(recorder, like->run, like->like_ns);

    if (!call)
        return recorder_put_loss(recorder, "ring-call", 1, (int64_t)like->head.ns, (int64_t)like->head.ns);
    if (recorder_find_open(recorder, like->head.tid, like->head.ns))
        return 0; /* announced before */
    return open_alike(recorder, call, like->head.ns, NULL);
}

static int write_run(struct recorder *recorder, struct repeated_call *call, uint64_t count, uint64_t first_ns,
                     uint64_t last_ns)
{
    const struct entry_record *entry = call->record;
    struct event_row row = {
        .ns = (int64_t)first_ns,
        .kind = recorder_call_names[entry->call],
        .call_id = value_integer(++recorder->last_call_id),
        .pid = value_integer(entry->head.pid),
        .tid = value_integer(entry->head.tid),
        .arg0 = value_integer((int64_t)entry->argument[0]),
        .arg1 = value_integer((int64_t)entry->argument[1]),
        .compat = value_integer(entry->compat),
        .return_value = value_integer(call->value),
        .repeat = (int64_t)count,
        .first_ns = value_integer((int64_t)first_ns),
        .last_ns = value_integer((int64_t)last_ns),
        .like_seq = recorder_id(call->like_seq),
    };
    int64_t file_id, process_id, seq;
    int r;

    if (entry->call != CALL_DELETE_MODULE)
        row.arg2 = value_integer((int64_t)entry->argument[2]);
    r = recorder_put_file(recorder, &entry->file, entry->data, &file_id);
    if (!r)
        r = recorder_put_caller(recorder, call->caller, &process_id);
    if (r)
        return r;
    row.file_id = recorder_id(file_id);
    row.process_id = value_integer(process_id);
    r = recorder_put_event(recorder, &row, &seq);
    if (r)
        return r;
    recorder->counts.calls++;
    recorder->counts.coalesced += (int64_t)count - 1;
    if (call->like_seq)
        return 0;
    call->like_seq = seq;
    return recorder_put_text(recorder, seq, entry->call, "entry", entry->text.state,
                             decode_span(entry->data, &entry->text));
}

/* Writes what has come since the last time. */
static int take_count(struct recorder *recorder, struct repeated_call *call, uint64_t count, uint64_t first_ns,
                      uint64_t last_ns)
{
    if (call->taken_first_ns == first_ns) {
        if (count <= call->taken_count)
            return 0;
        count -= call->taken_count;
    }
    return count ? write_run(recorder, call, count, first_ns, last_ns) : 0;
}

int recorder_take_run(struct recorder *recorder, const struct run_record *run)
{
    struct repeated_call *call = find_run(recorder, run->run, run->head.call_ns);

    if (!call)
        return recorder_put_loss(recorder, "ring-call", (int64_t)run->count, (int64_t)run->first_ns,
                                 (int64_t)run->last_ns);
    return take_count(recorder, call, run->count, run->first_ns, run->last_ns);
}

/* What the kernel side counts, read while it may be counting on. Returns false where it was caught in between. */
static bool read_count(const struct run *run, uint64_t *ret_count, uint64_t *ret_first_ns, uint64_t *ret_last_ns)
{
    const volatile struct run *now = run;

    *ret_count = now->count;
    *ret_first_ns = now->first_ns;
    *ret_last_ns = now->last_ns;
    if (*ret_count > RUN_MOST)
        *ret_count = 0; /* nobody makes that many: it is no count */
    return now->count == *ret_count && now->last_ns == *ret_last_ns;
}

/* Whether that long has passed since `ns`. A time that is still to come, which only a damaged record has, is not past. */
static bool is_past(uint64_t ns, int64_t now, uint64_t age)
{
    return ns <= (uint64_t)now && (uint64_t)now - ns >= age;
}

/* A call of the run that is not recorded yet and has not come back for a while: from now on it is recorded. */
static int announce(struct recorder *recorder, struct repeated_call *call, struct thread_calls *thread, int64_t now)
{
    uint64_t ns = __atomic_load_n(&thread->withheld_ns, __ATOMIC_SEQ_CST);
    struct open_call *open;
    int r;

    if (!ns || !is_past(ns, now, ANNOUNCE_AFTER) || thread->announced_ns == ns)
        return 0;
    __atomic_store_n(&thread->announced_ns, ns, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&thread->withheld_ns, __ATOMIC_SEQ_CST) != ns)
        return 0; /* it is coming back just now, and sees the announcement or has been counted */
    r = open_alike(recorder, call, ns, &open);
    return r ? r : recorder_write_call(recorder, open, NULL);
}

int recorder_watch_runs(struct recorder *recorder)
{
    int64_t now = clock_boot_ns();
    bool flush = now - recorder->runs_flushed_at >= FLUSH_EVERY;
    size_t i;
    int r = 0;

    if (flush)
        recorder->runs_flushed_at = now;
    for (i = 0; !r && i < RUN_COUNT; i++) {
        struct thread_calls *thread = &recorder->setup->threads[i / RUNS_PER_THREAD];
        struct run *run = &thread->run[i % RUNS_PER_THREAD];
        struct repeated_call *call = recorder->run[i];
        uint64_t count, first_ns, last_ns;
        int64_t seen;

        if (!call || run->like_ns != call->record->head.ns)
            continue;
        if (thread->withheld_run == i % RUNS_PER_THREAD)
            r = announce(recorder, call, thread, now);
        if (r || !read_count(run, &count, &first_ns, &last_ns))
            continue;
        seen = last_ns < (uint64_t)now ? (int64_t)last_ns : now;
        if (seen + WATCHED_AFTER > recorder->runs_watched_until)
            recorder->runs_watched_until = seen + WATCHED_AFTER;
        if (!count || !flush)
            continue;
        if (!is_past(last_ns, now, SILENT_AFTER)) {
            run->flush = 1;
            continue;
        }
        r = take_count(recorder, call, count, first_ns, last_ns);
        call->taken_first_ns = first_ns;
        call->taken_count = count;
    }
    return r;
}

bool recorder_has_runs(const struct recorder *recorder)
{
    return recorder->runs_watched_until && clock_boot_ns() < recorder->runs_watched_until;
}

int recorder_end_runs(struct recorder *recorder)
{
    size_t i;
    int r = 0;

    for (i = 0; !r && i < RUN_COUNT; i++) {
        struct thread_calls *thread = &recorder->setup->threads[i / RUNS_PER_THREAD];
        const struct run *run = &thread->run[i % RUNS_PER_THREAD];
        struct repeated_call *call = recorder->run[i];
        uint64_t count, first_ns, last_ns;

        if (!call || run->like_ns != call->record->head.ns)
            continue;
        read_count(run, &count, &first_ns, &last_ns);
        r = take_count(recorder, call, count, first_ns, last_ns);
        if (!r && thread->withheld_ns && thread->withheld_run == i % RUNS_PER_THREAD &&
            !recorder_find_open(recorder, thread->tid, thread->withheld_ns))
            r = open_alike(recorder, call, thread->withheld_ns, NULL);
    }
    return r;
}
