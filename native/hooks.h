/* SPDX-License-Identifier: MIT */
/* The kernel side: which programs are wanted, loaded and attached, and why the others are not. */
#ifndef MODTRAIL_HOOKS_H
#define MODTRAIL_HOOKS_H

#include "options.h"
#include "walks.h"

#include "../bpf/records.h"

#include <stddef.h>
#include <stdint.h>

struct hooks;

/* One row of the capture's table `hook`. Texts live as long as the hooks. */
struct hook_outcome {
    const char *purpose;
    const char *mechanism;
    const char *target;
    const char *state;
    const char *reason; /* NULL when attached */
};

/*
 * Loads and attaches what this kernel can, each hook with its own fallback. Needs root.
 * Returns 0, or a negative errno with a sentence in `ret_error` when not even the calls can be seen.
 */
int hooks_attach(const struct options *options, struct hooks **ret_hooks, char *ret_error, size_t error_size);

size_t hooks_count(const struct hooks *hooks);
struct hook_outcome hooks_outcome(const struct hooks *hooks, size_t index);

/* The maps of the ring and of the ring for images, for ring_buffer__new. */
int hooks_ring_fd(const struct hooks *hooks);
int hooks_image_ring_fd(const struct hooks *hooks);

/* THREAD_SLOTS threads with failing calls. Shared memory: needs no privilege. */
struct thread_calls *hooks_threads(const struct hooks *hooks);

/* What the kernel side had no room for, LOSS_CAUSES counters that only grow. Shared memory: needs no privilege. */
const volatile struct loss_counter *hooks_losses(const struct hooks *hooks);

/* How often the kernel skipped a program because another one ran on the same CPU; 0 where it does not tell. */
uint64_t hooks_recursion_misses(const struct hooks *hooks);

/* A descriptor of one of the attached programs. */
int hooks_any_program(const struct hooks *hooks);

/* The kernel's own structures of modules, as far as they can be walked; they still can after hooks_detach. */
struct walks *hooks_walks(const struct hooks *hooks);

/* Takes all programs off; what is in the ring stays. */
void hooks_detach(struct hooks *hooks);
void hooks_free(struct hooks *hooks);

#endif
