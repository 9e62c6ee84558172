/* SPDX-License-Identifier: MIT */
/*
 * The three system calls, whatever hook brought them here.
 *
 * The entry is sent at once, so that a call that never returns has left its trace; the return follows by itself, and
 * the collector makes one row of both. A quarter of the ring is kept for returns and for what the kernel does within
 * a call, so that a flood of calls loses whole calls, which are counted, and not the second half of recorded ones.
 */
#ifndef MODTRAIL_CALLS_BPF_H
#define MODTRAIL_CALLS_BPF_H

#include "process.bpf.h"

static __always_inline bool ring_has_room(u64 size)
{
    u64 total = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE);

    return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) + size + total / 4 <= total;
}

static __always_inline u64 text_address(u32 call, u64 first, u64 second, u64 third)
{
    if (call == CALL_FINIT_MODULE)
        return second;
    if (call == CALL_INIT_MODULE)
        return third;
    return first;
}

static __always_inline int call_entered(u32 call, bool compat, u64 first, u64 second, u64 third)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    struct scratch *s = scratch_of_cpu(SCRATCH_ENTRY);
    struct entry_record *entry;
    struct open_call open = {};
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
    if (bpf_map_update_elem(&open_calls, &tid, &open, BPF_ANY)) {
        count_loss(LOSS_THREADS);
        return 0;
    }

    put_user_text(s, entry->data, &entry->text, open.text);
    clear_file(&entry->file);
    if (call == CALL_FINIT_MODULE) {
        struct file *file = file_of_descriptor(task, (u32)first);

        if (file)
            put_file(s, entry->data, &entry->file, file);
    }
    put_process(s, entry->data, &entry->process, task);

    used = s->used;
    if (used > DATA_SIZE)
        used = DATA_SIZE;
    entry->head.data_length = used;
    if (!ring_has_room(sizeof(*entry) + used) || bpf_ringbuf_output(&ring, entry, sizeof(*entry) + used, 0)) {
        bpf_map_delete_elem(&open_calls, &tid);
        count_loss(LOSS_CALL);
    }
    return 0;
}

static __always_inline int call_returned(s64 value)
{
    struct scratch *s;
    struct open_call *open;
    struct return_record *ret;
    u32 tid = (u32)bpf_get_current_pid_tgid();
    u32 used;

    open = bpf_map_lookup_elem(&open_calls, &tid);
    if (!open)
        return 0;
    s = scratch_of_cpu(SCRATCH_RETURN);
    if (!s)
        return 0;
    ret = (void *)s->record;
    s->used = 0;
    fill_head(&ret->head, RECORD_RETURN);
    ret->head.call_ns = open->ns;
    ret->value = value;
    ret->reserved = 0;
    put_user_text(s, ret->data, &ret->text, open->text);
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

/*
 * For programs that may be preempted, and so have no scratch of the CPU: the record is as long as the longest text, and
 * says how much of it counts.
 */
static __always_inline int call_returned_anywhere(s64 value)
{
    struct return_record *ret;
    struct open_call *open;
    u32 tid = (u32)bpf_get_current_pid_tgid();

    open = bpf_map_lookup_elem(&open_calls, &tid);
    if (!open)
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
    ret->reserved = 0;
    ret->text.offset = 0;
    read_user_text(ret->data, &ret->text, open->text);
    ret->head.data_length = ret->text.length;
    bpf_map_delete_elem(&open_calls, &tid);
    bpf_ringbuf_submit(ret, 0);
    return 0;
}

#endif
