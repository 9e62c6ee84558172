/* SPDX-License-Identifier: MIT */
/* One recording, from the first row to the last. */
#ifndef MODTRAIL_SESSION_H
#define MODTRAIL_SESSION_H

#include "clock.h"
#include "control.h"
#include "hooks.h"
#include "host.h"
#include "options.h"
#include "recorder.h"
#include "snapshot.h"
#include "store.h"

struct session_parts {
    const struct options *options;
    const struct host *host;
    struct hooks *hooks;
    struct store *store;
    struct snapshots *snapshots;
    struct control *control; /* NULL: none */
    struct clock_sample started;
    int signals; /* signalfd of the signals that stop */
};

struct session_result {
    const char *reason; /* a word of capture_stop.reason; NULL: it never began */
    bool in_order;      /* ended because it was asked to, not because it could not go on */
    struct recorder_counts counts;
};

/*
 * Writes what the capture begins with, says on stderr and over the control line that it records, records until something
 * stops it, and writes what it ends with; the store is not finished. Returns 0, or a negative errno where not even the
 * last rows could be written; `ret_error` then has a sentence, and also where the recording could not go on.
 */
int session_run(const struct session_parts *parts, struct session_result *ret_result, char *ret_error,
                size_t error_size);

#endif
