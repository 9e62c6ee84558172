/* SPDX-License-Identifier: MIT */
/*
 * What all programs share.
 *
 * Scratch: an entry record is too large for the BPF stack and its length is not known beforehand, so it is built in a
 * slot of the CPU and copied to the ring as long as it is. Where programs cannot be preempted (probes; tracepoints up to
 * 7.0 at least) nothing else can use the slot meanwhile. Where they can, the kernel skips a program that is already
 * running on the CPU, and counts that; so each kind of program has slots of its own.
 */
#ifndef MODTRAIL_MAPS_BPF_H
#define MODTRAIL_MAPS_BPF_H

#include "kernel.h"
#include "records.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* The call that a thread is in. */
struct open_call {
    u64 ns;
    u64 text; /* user address of the text argument */
    u32 call;
    u32 reserved;
};

struct scratch {
    u32 used; /* bytes of data so far */
    u32 components;
    u8 record[sizeof(struct entry_record) + DATA_SIZE];
};

_Static_assert(sizeof(struct entry_record) >= sizeof(struct request_record), "the largest head is the entry's");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 8 << 20);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, u32);
    __type(value, struct open_call);
} open_calls SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SCRATCH_USES); /* set to as many for each CPU before loading */
    __type(key, u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, LOSS_CAUSES);
    __type(key, u32);
    __type(value, struct loss_counter);
} losses SEC(".maps");

static __always_inline struct scratch *scratch_of_cpu(u32 use)
{
    u32 slot = bpf_get_smp_processor_id() * SCRATCH_USES + use;

    return bpf_map_lookup_elem(&scratches, &slot);
}

static __always_inline void count_loss(u32 cause)
{
    struct loss_counter *counter = bpf_map_lookup_elem(&losses, &cause);

    if (!counter)
        return;
    counter->last_ns = bpf_ktime_get_boot_ns();
    __sync_fetch_and_add(&counter->count, 1);
}

static __always_inline void fill_head(struct record_head *head, u32 kind)
{
    u64 id = bpf_get_current_pid_tgid();

    head->kind = kind;
    head->pid = id >> 32;
    head->tid = (u32)id;
    head->data_length = 0;
    head->ns = bpf_ktime_get_boot_ns();
    head->call_ns = 0;
}

/* The call that the current thread is in, 0 if none is known. */
static __always_inline u64 current_call_ns(void)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    struct open_call *call = bpf_map_lookup_elem(&open_calls, &tid);

    return call ? call->ns : 0;
}

#endif
