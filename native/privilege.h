/* SPDX-License-Identifier: MIT */
/* From root to the user who asked. docs/privileges.md tells what is held when, and why. */
#ifndef MODTRAIL_PRIVILEGE_H
#define MODTRAIL_PRIVILEGE_H

#include "options.h"

struct identity {
    bool drops; /* false: nobody to drop to, stays who it is */
    uid_t user;
    gid_t group;
};

/* Whom to become: --user, else who called sudo or pkexec. */
struct identity privilege_find_identity(const struct options *options);

/* Becomes that user for good: no capabilities, no new privileges. Returns 0 or a negative errno. */
int privilege_drop(const struct identity *identity);

#endif
