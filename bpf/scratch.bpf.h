// SPDX-License-Identifier: MIT
//
// Where a record with sections is put together before it goes to the ring, one room for each CPU.
//
// Why a room of a CPU is enough: the programs that use it hang on tracepoints (raw, BTF or perf) and kprobes. All of
// these run with preemption disabled from the first to the last instruction, none of the events occurs in interrupt
// context, and a program never sleeps; so a CPU has one such program in progress at a time, however many threads
// call. Programs that may be preempted (fentry, fexit) never come here; they reserve a record of fixed size in the
// ring. Should a future kernel break the first sentence, `busy` sees it, and the record is counted as lost to
// recursion instead of being mixed with another.
#ifndef MODTRAIL_SCRATCH_BPF_H
#define MODTRAIL_SCRATCH_BPF_H

#include "shared.bpf.h"

struct scratch {
    u32 used;
    u32 busy;
    u8 bytes[RECORD_ROOM + SECTION_ROOM];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1); // the number of possible CPUs, set by the collector
    __type(key, u32);
    __type(value, struct scratch);
} scratch SEC(".maps");

static __always_inline struct scratch *scratch_here(void)
{
    u32 cpu = bpf_get_smp_processor_id();

    return bpf_map_lookup_elem(&scratch, &cpu);
}

// Takes this CPU's room and starts a record of `size` bytes of head and body. NULL: the loss is already counted.
static __always_inline struct scratch *scratch_begin(u32 size)
{
    struct scratch *room = scratch_here();

    if (!room)
        return NULL;
    if (room->busy) {
        count_loss(LOSS_RECURSION);
        return NULL;
    }
    room->busy = 1;
    room->used = size;
    return room;
}

static __always_inline void scratch_end(struct scratch *room)
{
    room->busy = 0;
}

// The next section's place, NULL when the record is full. The offset passes through memory and a barrier, so that
// the verifier forgets its history and loops around this stay small.
static __always_inline struct section *section_open(struct scratch *room, u16 kind)
{
    u32 at = *(volatile u32 *)&room->used;

    barrier_var(at);
    if (at > RECORD_ROOM)
        return NULL;

    struct section *section = (void *)(room->bytes + at);
    section->kind = kind;
    section->state = STATE_WHOLE;
    section->size = 0;
    return section;
}

static __always_inline void section_close(struct scratch *room, struct section *section, u16 state, u32 size)
{
    section->state = state;
    section->size = size;
    room->used += (sizeof(*section) + size + 7) & ~7u;
}

// Sends the record. `headroom` bytes of the ring stay free behind it. Returns 0, or -1 when there is no room.
static __always_inline int scratch_send(struct scratch *room, u64 headroom)
{
    u32 size = *(volatile u32 *)&room->used;

    barrier_var(size);
    if (size < sizeof(struct record_head) || size > RECORD_ROOM + SECTION_ROOM)
        return -1;
    if (headroom && bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) + size + headroom > ring_bytes)
        return -1;
    ((struct record_head *)room->bytes)->size = size;
    return bpf_ringbuf_output(&ring, room->bytes, size, 0) ? -1 : 0;
}

#endif
