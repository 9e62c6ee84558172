/* SPDX-License-Identifier: MIT */
/*
 * Pages of mapped files that the disk does not take: where there is no room for a page that is about to change, or the
 * disk has turned read-only or fails, the kernel can answer a write to memory with nothing but SIGBUS. SQLite maps the
 * index of its log.
 */
#ifndef MODTRAIL_MAPPED_H
#define MODTRAIL_MAPPED_H

#include <stdbool.h>

/* From now on such a page becomes the process's own, with what was in it, and the write goes on. */
void mapped_guard(void);

/* Whether there was one: what was written to it is seen by nobody else, and the file is to be finished. */
bool mapped_refused(void);

#endif
