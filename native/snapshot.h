/* SPDX-License-Identifier: MIT */
/*
 * Which modules are loaded, from every view there is. Rows only: comparing them is the reader's work.
 *
 * A snapshot reads, in this order: the kernel's structures, /proc/modules, /sys/module, /proc/kallsyms, /proc/modules
 * again, the kernel's structures again. A module that the first and the last reading agree on was there all the time
 * between. It is taken in steps of a few milliseconds, so that records do not wait.
 */
#ifndef MODTRAIL_SNAPSHOT_H
#define MODTRAIL_SNAPSHOT_H

#include "recorder.h"
#include "store.h"
#include "walks.h"

#include <stdbool.h>

struct snapshots;

/* Opens what needs root. `walks` may be NULL, and must outlive the snapshots. Returns NULL without memory. */
struct snapshots *snapshots_open(struct walks *walks);
void snapshots_close(struct snapshots *snapshots);

/* Begins one, or another one after the one under way. `reason` is a word of the schema's and lives on. */
void snapshots_ask(struct snapshots *snapshots, const char *reason);

/* A new file: what was written before is not there. */
void snapshots_begin_part(struct snapshots *snapshots);

/* Whether snapshots_step has something to do. */
bool snapshots_busy(const struct snapshots *snapshots);

/* Goes on for a few milliseconds; the last step writes the rows. Returns 0 or the store's failure. */
int snapshots_step(struct snapshots *snapshots, struct recorder *recorder, struct store *store);

#endif
