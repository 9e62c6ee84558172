/* SPDX-License-Identifier: MIT */
/* The kernel's own structures of modules, walked by BPF programs that are run on demand (bpf/views.bpf.h). */
#ifndef MODTRAIL_WALKS_H
#define MODTRAIL_WALKS_H

#include "../bpf/views.h"

#include <bpf/libbpf.h>
#include <stdbool.h>

/* The kernel's symbol and the program for each kind of walk. */
extern const char *const walk_symbols[WALK_KINDS];
extern const char *const walk_programs[WALK_KINDS];

/*
 * Where the symbols lie, by the kernel's own lines of /proc/kallsyms, whatever modules call theirs. 0: not shown, or
 * shown more than once. Needs root.
 */
void walks_find_roots(uint64_t ret_roots[WALK_KINDS]);

struct walks;

/* For the walks whose programs are loaded. Needs root, as of here only the right to run a program. */
int walks_open(struct bpf_object *object, const uint64_t roots[WALK_KINDS], struct walks **ret_walks);
void walks_close(struct walks *walks);

/*
 * Walks one structure once. The result lies in memory that the next walk uses again. Returns 0 or a negative errno:
 * -ENOENT where the program is not loaded.
 */
int walks_run(struct walks *walks, enum walk_kind kind, const struct module_walk **ret_walk);

/* The count of changes of the kernel's list of modules so far. Returns whether the kernel tells. */
bool walks_sequence(struct walks *walks, uint32_t *ret_sequence);

#endif
