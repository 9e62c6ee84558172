/* SPDX-License-Identifier: MIT */
/* From root to the user who asked. docs/privileges.md tells what is held when, and why. */
#ifndef MODTRAIL_PRIVILEGE_H
#define MODTRAIL_PRIVILEGE_H

#include "options.h"

struct identity {
    bool drops; /* false: nobody to become, stays uid 0 */
    uid_t user;
    gid_t group;
};

/* Whom to become: who called pkexec; else --user, or who called sudo. */
struct identity privilege_find_identity(const struct options *options);

/*
 * Polkit gives a user the right to record as that user, and no other: 0, or -EPERM with a sentence where --user names
 * somebody else.
 */
int privilege_check_user(const struct options *options, char *ret_error, size_t error_size);

/*
 * Becomes that user for good, without groups, and without any capability, in the bounding set too. Only where the kernel
 * then refuses to tell about `program`, a BPF program's descriptor (-1: none), CAP_BPF is kept (before 5.19 nothing can be asked of
 * held descriptors without it). What is not given up stays: uid 0 where there is nobody to become.
 * Returns 0 or a negative errno.
 */
int privilege_drop(const struct identity *identity, int program, bool *ret_keeps_bpf);

/* For who is not root: nothing that is executed brings a right. Returns 0 or a negative errno. */
int privilege_renounce(void);

#endif
