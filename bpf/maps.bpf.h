/* SPDX-License-Identifier: MIT */
/*
 * What all programs share.
 *
 * Scratch: an entry record is too large for the BPF stack and its length is not known beforehand, so it is built in a
 * slot of the CPU and copied to the ring as long as it is. Each kind of program has slots of its own. Probes are never
 * preempted. Programs on tracepoints may be (those of system calls from 6.13 on): the kernel skips a program that is
 * already running on the CPU, and counts that, but another one could come to the same slot. So those that share one
 * with a probe hold the CPU while they use it.
 */
#ifndef MODTRAIL_MAPS_BPF_H
#define MODTRAIL_MAPS_BPF_H

#include "kernel.h"
#include "records.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

enum open_flags {
    OPEN_WITHHELD = 1,    /* its entry is not sent: it looks like the calls of a run */
    OPEN_SAME_IMAGE = 2,  /* and the image that the kernel read in it is theirs too */
    OPEN_READ_PACKED = 4, /* the kernel has read a compressed image and is going to unpack it */
    OPEN_UNLIKE = 8,      /* the kernel did something in it that no two calls share */
    OPEN_LOST = 16,       /* there was no room for its entry: it is counted as lost, and nothing more is sent of it */
    OPEN_CONFIRMED = 32,  /* the probe on its entry function has run: the next one that runs is of another call */
};

/* The call that a thread is in. */
struct open_call {
    u64 ns;
    u64 text;     /* user address of the text argument */
    u64 identity; /* see struct run; 0: the thread has had no failing call */
    u64 image;
    u64 text_hash; /* as it was at entry, with an identity only */
    u32 call;
    u32 flags;
    u32 thread; /* 1 + slot, 0: none */
    u32 run;    /* 1 + index, 0: none */
};

struct scratch {
    u32 used; /* bytes of data so far */
    u32 components;
    u8 record[sizeof(struct entry_record) + RECORD_DATA_SIZE];
};

_Static_assert(sizeof(struct entry_record) >= sizeof(struct request_record), "the largest head is the entry's");

/* Sizes are set before loading. */
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4 << 20);
} ring SEC(".maps");

/* The bytes of images, apart from all else, so that neither holds up the other. */
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 128 << 20);
} images SEC(".maps");

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

/* Threads with failing calls: a slot of `threads` for the task at the key's address. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, THREAD_SLOTS);
    __type(key, u64);
    __type(value, u32);
} thread_slots SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, THREAD_SLOTS);
    __type(key, u32);
    __type(value, struct thread_calls);
} threads SEC(".maps");

/* Filled by the collector before anything is attached. */
struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, THREAD_SLOTS);
    __uint(key_size, 0);
    __uint(value_size, sizeof(u32));
} free_slots SEC(".maps");

/* Random, so that nobody can make two different calls look the same. */
const volatile u64 hash_seed = 0;

extern void bpf_preempt_disable(void) __weak __ksym;
extern void bpf_preempt_enable(void) __weak __ksym;

/* Kernels that let programs be preempted have these two (from 6.10 on). Their addresses stand for whether they do. */
static __always_inline void hold_cpu(void)
{
    if (&bpf_preempt_disable)
        bpf_preempt_disable();
}

static __always_inline void release_cpu(void)
{
    if (&bpf_preempt_disable)
        bpf_preempt_enable();
}

/* Masks a value that is within the mask already, in a way that the verifier sees and the compiler does not undo. */
static __always_inline u32 bounded(u64 value, u32 mask)
{
    u32 low = (u32)value;

    asm volatile("" : "+r"(low));
    return low & mask;
}

static __always_inline struct scratch *scratch_of_cpu(u32 use)
{
    u32 slot = bpf_get_smp_processor_id() * SCRATCH_USES + use;

    return bpf_map_lookup_elem(&scratches, &slot);
}

static __always_inline void count_losses(u32 cause, u64 count)
{
    struct loss_counter *counter = bpf_map_lookup_elem(&losses, &cause);

    if (!counter)
        return;
    counter->last_ns = bpf_ktime_get_boot_ns();
    __sync_fetch_and_add(&counter->count, count);
}

static __always_inline void count_loss(u32 cause)
{
    count_losses(cause, 1);
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

#endif
