/* SPDX-License-Identifier: MIT */
/*
 * Room on the disk that a file will need soon, taken beforehand: a disk that is filling up is noticed while there is
 * still room to finish the capture, and nobody else can take that room away.
 */
#ifndef MODTRAIL_RESERVE_H
#define MODTRAIL_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

struct reserve {
    int file;     /* open for writing; belongs to the reserve's owner */
    int64_t held; /* bytes from the file's beginning that have a place on the disk */
};

/*
 * Sees to it that the first `bytes` bytes can be written. Its size stays as it is. Returns 0, also on a filesystem that
 * cannot do it, or -ENOSPC or another errno of fallocate(2).
 */
int reserve_hold(struct reserve *reserve, int64_t bytes);

/* Whether what is held takes every write: not where the filesystem cannot do it, or writes what changes elsewhere. */
bool reserve_is_sure(const struct reserve *reserve);

/* Gives back what lies behind the end of the file. */
void reserve_trim(struct reserve *reserve);

#endif
