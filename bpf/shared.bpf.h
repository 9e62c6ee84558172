// SPDX-License-Identifier: MIT
//
// What all programs share: the ring, the calls in progress, and the counters of what could not be recorded.
#ifndef MODTRAIL_SHARED_BPF_H
#define MODTRAIL_SHARED_BPF_H

#include "kernel.h"
#include "records.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#ifndef NULL
#define NULL ((void *)0)
#endif

const volatile u64 ring_bytes = 0;
const volatile u64 text_seed = 0;

// Shared with the collector through mmap, so that it needs no bpf() call after it has dropped its rights.
volatile u32 loss_epoch = 0;
struct loss_slot losses[2][LOSS_CAUSES] = {};
// The syscalls, as bits of enum record_syscall, that the raw tracepoints have to record.
u32 raw_syscalls = 0;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536); // --ring, set by the collector
} ring SEC(".maps");

// A call that has been entered and not left, by thread.
struct open_call {
    u64 entry_ns;
    u64 text_pointer;
    u64 text_hash;
    u32 text_size;
    u16 text_state;
    u8 syscall;
    u8 flags;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, u32);
    __type(value, struct open_call);
} open_calls SEC(".maps");

// The two CPUs that race for first_ns differ by nanoseconds; the count is exact.
static __always_inline void count_loss(u32 cause)
{
    u32 epoch = loss_epoch & 1;
    u64 now = bpf_ktime_get_boot_ns();
    struct loss_slot *slot;

    if (cause >= LOSS_CAUSES)
        return;
    slot = &losses[epoch][cause];
    if (!slot->first_ns)
        slot->first_ns = now;
    slot->last_ns = now;
    __sync_fetch_and_add(&slot->count, 1);
}

static __always_inline void fill_head(struct record_head *head, u16 kind)
{
    u64 id = bpf_get_current_pid_tgid();
    u32 tid = (u32)id;
    struct open_call *call = bpf_map_lookup_elem(&open_calls, &tid);

    head->kind = kind;
    head->syscall = SYSCALL_NONE;
    head->flags = 0;
    head->ns = bpf_ktime_get_boot_ns();
    head->pid = id >> 32;
    head->tid = tid;
    head->call_ns = call ? call->entry_ns : 0;
}

#endif
