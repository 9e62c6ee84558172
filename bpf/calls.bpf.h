/* SPDX-License-Identifier: MIT */
/*
 * The three system calls, whatever hook brought them here.
 *
 * The entry is sent at once, so that a call that never returns has left its trace; the return follows by itself, and
 * the collector makes one row of both. A quarter of the ring is kept for returns and for what the kernel does within
 * a call, so that a flood of calls loses whole calls, which are counted, and not the second half of recorded ones.
 * A thread that fails all the time gets only half of it, so that it takes no room from others.
 */
#ifndef MODTRAIL_CALLS_BPF_H
#define MODTRAIL_CALLS_BPF_H

#include "process.bpf.h"
#include "runs.bpf.h"

/* A thread that only fails may fill half of the ring, others three quarters. */
static __always_inline bool ring_has_room(u64 size, bool suspicious)
{
    u64 total = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE);

    return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) + size + total / (suspicious ? 2 : 4) <= total;
}

static __always_inline u64 text_address(u32 call, u64 first, u64 second, u64 third)
{
    if (call == CALL_FINIT_MODULE)
        return second;
    if (call == CALL_INIT_MODULE)
        return third;
    return first;
}

/*
 * Looks whether the thread has made the same call before. Returns true where this one is only to be counted, unless
 * it turns out to be different.
 */
static __always_inline bool compare_with_runs(struct open_call *open, const struct entry_record *entry, u64 caller,
                                              struct file *file)
{
    struct thread_calls *thread = thread_of_call(open);
    u32 found, index;
    struct run *run;

    if (!thread)
        return false;
    open->text_hash = hash_text(entry->data, &entry->text);
    open->identity = identity_of(entry, open->text_hash, caller, file);
    found = find_run(thread, open->identity);
    if (!found)
        return false;
    open->run = found;
    index = (found - 1) & (RUNS_PER_THREAD - 1);
    run = &thread->run[index];
    if (!is_repeated(run, run_number(open->thread - 1, index), open->ns))
        return false;
    open->flags |= OPEN_WITHHELD;
    thread->withheld_run = index;
    thread->withheld_ns = open->ns;
    return true;
}

/* The thread's entry that describes its process as it is now, 0: there is none. */
static __always_inline u64 described_at(const struct open_call *open, u64 caller)
{
    struct thread_calls *thread = thread_of_call(open);

    if (!thread || !thread->caller_ns || thread->caller != caller || open->ns - thread->caller_ns >= CALLER_GAP_NS)
        return 0;
    return thread->caller_ns;
}

static __always_inline void remember_caller(const struct open_call *open, u64 caller)
{
    struct thread_calls *thread = thread_of_call(open);

    if (!thread)
        return;
    thread->caller = caller;
    thread->caller_ns = open->ns;
}

static __always_inline int take_entry(u32 flags, u32 call, bool compat, u64 first, u64 second, u64 third)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    struct scratch *s = scratch_of_cpu(SCRATCH_ENTRY);
    struct entry_record *entry;
    struct open_call open = {.flags = flags};
    struct file *file = 0;
    u64 caller = 0;
    bool withheld;
    u32 tid, used;

    if (!s)
        return 0;
    entry = (void *)s->record;
    s->used = 0;
    fill_head(&entry->head, RECORD_ENTRY);
    entry->head.call_ns = entry->head.ns;
    entry->call = call;
    entry->compat = compat;
    entry->argument[0] = first;
    entry->argument[1] = second;
    entry->argument[2] = call == CALL_DELETE_MODULE ? 0 : third;
    entry->reserved = 0;

    tid = entry->head.tid;
    open.ns = entry->head.ns;
    open.call = call;
    open.text = text_address(call, first, second, third);
    open.thread = slot_of_task(task);
    put_user_text(s, entry->data, &entry->text, open.text);
    if (call == CALL_FINIT_MODULE)
        file = file_of_descriptor(task, (u32)first);
    if (open.thread)
        caller = hash_caller(task);
    withheld = compare_with_runs(&open, entry, caller, file);
    if (bpf_map_update_elem(&open_calls, &tid, &open, BPF_ANY)) {
        count_loss(LOSS_THREADS);
        return 0;
    }
    if (withheld)
        return 0;

    clear_file(&entry->file);
    if (file)
        put_file(s, entry->data, &entry->file, file);
    used = s->used;
    entry->thread = open.thread;
    entry->caller_ns = described_at(&open, caller);
    entry->process.offset = entry->process.length = 0;
    entry->process.state = READ_ABSENT;
    if (!entry->caller_ns) {
        u32 offset = bounded(used + 7, PROCESS_OFFSET_MASK);

        entry->process.offset = offset;
        entry->process.length = put_process(s, (void *)(entry->data + offset), task);
        entry->process.state = READ_WHOLE;
        used = offset + entry->process.length;
    }
    if (used > RECORD_DATA_SIZE)
        used = RECORD_DATA_SIZE;
    entry->head.data_length = used;
    if (!ring_has_room(sizeof(*entry) + used, is_suspicious(&open)) ||
        bpf_ringbuf_output(&ring, entry, sizeof(*entry) + used, 0)) {
        open.flags |= OPEN_LOST;
        bpf_map_update_elem(&open_calls, &tid, &open, BPF_EXIST);
        count_loss(LOSS_CALL);
        return 0;
    }
    if (!entry->caller_ns)
        remember_caller(&open, caller);
    return 0;
}

static __always_inline int call_entered(u32 call, bool compat, u64 first, u64 second, u64 third)
{
    return take_entry(0, call, compat, first, second, third);
}

/* For tracepoints of system calls. */
static __always_inline int call_entered_holding(u32 call, bool compat, u64 first, u64 second, u64 third)
{
    hold_cpu();
    take_entry(0, call, compat, first, second, third);
    release_cpu();
    return 0;
}

/*
 * For probes on the calls' entry functions, which run even where a tracepoint's program was skipped: takes the call that
 * has not been seen there.
 */
static __always_inline int call_entered_surely(u32 call, bool compat, u64 first, u64 second, u64 third)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    struct open_call *open = bpf_map_lookup_elem(&open_calls, &tid);

    if (!open || (open->flags & OPEN_CONFIRMED))
        return take_entry(OPEN_CONFIRMED, call, compat, first, second, third);
    open->flags |= OPEN_CONFIRMED;
    return 0;
}

static __always_inline int call_returned(s64 value)
{
    struct scratch *s;
    struct open_call *open;
    struct return_record *ret;
    u32 tid = (u32)bpf_get_current_pid_tgid();
    u64 text_hash = 0;
    u32 used;

    open = bpf_map_lookup_elem(&open_calls, &tid);
    if (!open)
        return 0;
    if (open->flags & OPEN_LOST) {
        bpf_map_delete_elem(&open_calls, &tid);
        return 0;
    }
    s = scratch_of_cpu(SCRATCH_RETURN);
    if (!s)
        return 0;
    ret = (void *)s->record;
    s->used = 0;
    put_user_text(s, ret->data, &ret->text, open->text);
    if (open->identity) {
        text_hash = hash_text(ret->data, &ret->text);
        if (text_hash == open->text_hash) {
            ret->text.state = READ_ABSENT;
            ret->text.length = s->used = 0;
        }
    }
    if (open->flags & OPEN_WITHHELD) {
        if (count_if_alike(open, value, text_hash)) {
            bpf_map_delete_elem(&open_calls, &tid);
            return 0;
        }
        if (!release_call(open))
            return 0;
    }
    fill_head(&ret->head, RECORD_RETURN);
    ret->head.call_ns = open->ns;
    ret->value = value;
    ret->run = remember_call(open, value, text_hash);
    bpf_map_delete_elem(&open_calls, &tid);

    used = s->used;
    if (used > DATA_SIZE)
        used = DATA_SIZE;
    ret->head.data_length = used;
    if (!bpf_ringbuf_output(&ring, ret, sizeof(*ret) + used, 0))
        return 0;
    ret->head.data_length = 0;
    ret->text.state = READ_ABSENT;
    ret->text.length = 0;
    if (bpf_ringbuf_output(&ring, ret, sizeof(*ret), 0))
        count_loss(LOSS_RETURN);
    return 0;
}

/* For tracepoints of system calls. */
static __always_inline int call_returned_holding(s64 value)
{
    hold_cpu();
    call_returned(value);
    release_cpu();
    return 0;
}

/*
 * For programs that may be preempted, and so have no scratch of the CPU: the record is as long as the longest text, and
 * says how much of it counts. Calls seen this way are never coalesced.
 */
static __always_inline int call_returned_anywhere(s64 value)
{
    struct return_record *ret;
    struct open_call *open;
    u32 tid = (u32)bpf_get_current_pid_tgid();

    open = bpf_map_lookup_elem(&open_calls, &tid);
    if (!open)
        return 0;
    if (open->flags & OPEN_LOST) {
        bpf_map_delete_elem(&open_calls, &tid);
        return 0;
    }
    if (!release_call(open))
        return 0;
    ret = bpf_ringbuf_reserve(&ring, sizeof(*ret) + TEXT_ROOM, 0);
    if (!ret) {
        bpf_map_delete_elem(&open_calls, &tid);
        count_loss(LOSS_RETURN);
        return 0;
    }
    fill_head(&ret->head, RECORD_RETURN);
    ret->head.call_ns = open->ns;
    ret->value = value;
    ret->run = 0;
    ret->text.offset = 0;
    read_user_text(ret->data, &ret->text, open->text);
    ret->head.data_length = ret->text.length;
    bpf_map_delete_elem(&open_calls, &tid);
    bpf_ringbuf_submit(ret, 0);
    return 0;
}

#endif
