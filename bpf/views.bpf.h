/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own structures of modules, walked node by node: a module that took itself out of one of them is in the
 * others. The collector runs a program when it wants a view. It runs under rcu_read_lock, and the kernel frees no module
 * before such readers are gone (free_module in kernel/module/main.c); every read fails softly.
 *
 * A walk goes on in the same program by tail calls, so that it may be long and still be cheap to verify. All that it
 * knows lies in the map's memory, where the verifier does not follow values.
 */
#ifndef MODTRAIL_VIEWS_BPF_H
#define MODTRAIL_VIEWS_BPF_H

#include "kernel.h"
#include "views.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define STEPS_A_RUN 256 /* with 33 runs (MAX_TAIL_CALL_CNT) more than WALK_NODES */

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(value, struct module_walk);
} module_walk SEC(".maps");

/* The programs themselves, by enum walk_kind. */
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, WALK_KINDS);
    __uint(key_size, sizeof(u32));
    __uint(value_size, sizeof(u32));
} walk_on SEC(".maps");

static __always_inline volatile struct module_walk *the_walk(void)
{
    u32 key = 0;

    return bpf_map_lookup_elem(&module_walk, &key);
}

/* The pointer at an address, 0 where it cannot be read. */
static __always_inline u64 pointer_at(u64 address)
{
    u64 pointer = 0;

    bpf_probe_read_kernel(&pointer, sizeof(pointer), (const void *)address);
    return pointer;
}

/* Fills the next slot, and keeps it where there is a module. */
static __always_inline void put_walked(volatile struct module_walk *walk, u64 address)
{
    struct walked_module *walked = (void *)&walk->module[walk->count & (WALK_NODES - 1)];
    struct module *module = (void *)address;
    struct module___upto63 *upto63 = (void *)module;
    struct module___later *later = (void *)module;

    walked->address = address;
    walked->state = BPF_CORE_READ(module, state);
    if (bpf_core_field_exists(upto63->core_layout)) {
        walked->base = (u64)BPF_CORE_READ(upto63, core_layout.base);
        walked->size = BPF_CORE_READ(upto63, core_layout.size);
    } else {
        walked->base = (u64)BPF_CORE_READ(later, mem[0].base);
        walked->size = BPF_CORE_READ(later, mem[0].size) + BPF_CORE_READ(later, mem[1].size) +
                       BPF_CORE_READ(later, mem[2].size) + BPF_CORE_READ(later, mem[3].size);
    }
    bpf_probe_read_kernel_str(walked->name, sizeof(walked->name),
                              (const void *)(address + bpf_core_field_offset(struct module, name)));
    walk->count += !!address;
}

static __always_inline bool ended(volatile struct module_walk *walk, u32 state)
{
    walk->state = state;
    return false;
}

/* Whether the walk goes on: not at its end, and with room for another node. */
static __always_inline bool on_the_way(volatile struct module_walk *walk)
{
    if (walk->at == walk->head)
        return ended(walk, WALK_WHOLE);
    if (!walk->at)
        return ended(walk, WALK_UNREADABLE);
    if (walk->count >= WALK_NODES)
        return ended(walk, WALK_CUT);
    return true;
}

/* A removed entry still leads on (list_del_rcu); one that leads to itself was taken off without care for readers. */
static __always_inline bool list_step(volatile struct module_walk *walk)
{
    u64 at = walk->at, next;

    if (!on_the_way(walk))
        return false;
    put_walked(walk, at - bpf_core_field_offset(struct module, list));
    next = pointer_at(at + bpf_core_field_offset(struct list_head, next));
    if (next == at)
        return ended(walk, WALK_TORN);
    walk->at = next;
    return true;
}

/* Not made for readers without its lock: each entry must be the one before its next. Built-in code has no module. */
static __always_inline bool kset_step(volatile struct module_walk *walk)
{
    u64 at = walk->at, kobject, next;

    if (!on_the_way(walk))
        return false;
    kobject = at - bpf_core_field_offset(struct kobject, entry) - bpf_core_field_offset(struct module_kobject, kobj);
    put_walked(walk, pointer_at(kobject + bpf_core_field_offset(struct module_kobject, mod)));
    next = pointer_at(at + bpf_core_field_offset(struct list_head, next));
    if (pointer_at(next + bpf_core_field_offset(struct list_head, prev)) != at)
        return ended(walk, WALK_TORN);
    walk->at = next;
    return true;
}

/* There are two trees, of which one is always at rest: the sequence's last bit says which (linux/rbtree_latch.h). */
static __always_inline u32 tree_sequence(volatile struct module_walk *walk)
{
    struct mod_tree_root *root = (void *)walk->root;

    return BPF_CORE_READ(root, root.seq.seqcount.sequence);
}

static __always_inline bool tree_step(volatile struct module_walk *walk)
{
    u32 depth = walk->depth;
    u64 node, entry, child;

    if (!depth)
        return ended(walk, tree_sequence(walk) == walk->sequence ? WALK_WHOLE : WALK_TORN);
    if (walk->count >= WALK_NODES)
        return ended(walk, WALK_CUT);
    if (depth > WALK_DEPTH - 2)
        return ended(walk, WALK_UNREADABLE);
    depth--;
    barrier_var(depth); /* the compiler knows the bounds, the verifier only by the masks below */
    node = walk->stack[depth & (WALK_DEPTH - 1)];
    entry = node - bpf_core_field_offset(struct mod_tree_node, node) -
            bpf_core_field_offset(struct latch_tree_node, node) -
            (walk->sequence & 1) * bpf_core_type_size(struct rb_node);
    put_walked(walk, pointer_at(entry + bpf_core_field_offset(struct mod_tree_node, mod)));
    child = pointer_at(node + bpf_core_field_offset(struct rb_node, rb_right));
    walk->stack[depth & (WALK_DEPTH - 1)] = child;
    depth += !!child;
    barrier_var(depth);
    child = pointer_at(node + bpf_core_field_offset(struct rb_node, rb_left));
    walk->stack[depth & (WALK_DEPTH - 1)] = child;
    depth += !!child;
    walk->depth = depth;
    return true;
}

SEC("raw_tp")
int walk_modules(void *context)
{
    volatile struct module_walk *walk = the_walk();
    u32 i;

    if (!walk)
        return 0;
    if (!walk->runs++) {
        walk->head = walk->root;
        walk->at = pointer_at(walk->root + bpf_core_field_offset(struct list_head, next));
    }
    for (i = 0; i < STEPS_A_RUN; i++) {
        if (!list_step(walk))
            return 0;
    }
    bpf_tail_call(context, &walk_on, WALK_LIST);
    walk->state = WALK_CUT;
    return 0;
}

SEC("raw_tp")
int walk_module_kset(void *context)
{
    volatile struct module_walk *walk = the_walk();
    u32 i;

    if (!walk)
        return 0;
    if (!walk->runs++) {
        /* The symbol is a pointer to it. */
        walk->head = pointer_at(walk->root) + bpf_core_field_offset(struct kset, list);
        walk->at = pointer_at(walk->head + bpf_core_field_offset(struct list_head, next));
    }
    for (i = 0; i < STEPS_A_RUN; i++) {
        if (!kset_step(walk))
            return 0;
    }
    bpf_tail_call(context, &walk_on, WALK_KSET);
    walk->state = WALK_CUT;
    return 0;
}

SEC("raw_tp")
int walk_mod_tree(void *context)
{
    volatile struct module_walk *walk = the_walk();
    u32 i;

    if (!walk)
        return 0;
    if (!walk->runs++) {
        struct mod_tree_root *root = (void *)walk->root;

        walk->sequence = tree_sequence(walk);
        if (walk->only_look) {
            walk->state = WALK_WHOLE;
            return 0;
        }
        walk->stack[0] = walk->sequence & 1 ? (u64)BPF_CORE_READ(root, root.tree[1].rb_node)
                                            : (u64)BPF_CORE_READ(root, root.tree[0].rb_node);
        walk->depth = !!walk->stack[0];
    }
    for (i = 0; i < STEPS_A_RUN; i++) {
        if (!tree_step(walk))
            return 0;
    }
    bpf_tail_call(context, &walk_on, WALK_TREE);
    walk->state = WALK_CUT;
    return 0;
}

#endif
