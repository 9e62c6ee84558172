/* SPDX-License-Identifier: MIT */
/* What is loaded, as /proc/modules and /sys/module show it. Rows only: comparing them is the reader's work. */
#ifndef MODTRAIL_SNAPSHOT_H
#define MODTRAIL_SNAPSHOT_H

#include "recorder.h"
#include "store.h"

/* `reason` is "start", "stop" or "request". Returns 0 or the store's failure. */
int snapshot_take(struct recorder *recorder, struct store *store, const char *reason);

#endif
