/* SPDX-License-Identifier: MIT */
/* The system calls that are left once the recording is prepared. */
#ifndef MODTRAIL_SECCOMP_H
#define MODTRAIL_SECCOMP_H

#include <stdbool.h>

/*
 * From here on this process can only make the calls that recording needs; docs/privileges.md lists them. Any other one
 * fails with EPERM; one by another architecture's numbers ends the process. Needs no_new_privs. Cannot be undone.
 * Returns 0, or a negative errno where the kernel has no such filters.
 * `takes_peers`: others may come at a socket that is open already, and be asked who they are.
 */
int seccomp_confine(bool takes_peers);

#endif
