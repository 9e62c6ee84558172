/* SPDX-License-Identifier: MIT */
/* What a recording says of itself: to whoever started it on stderr, and to the peer over the control line. */
#ifndef MODTRAIL_STATUS_H
#define MODTRAIL_STATUS_H

#include "recorder.h"
#include "session.h"

/* What was said last, so that rates can be told. Starts as zeroes. */
struct status {
    int64_t said_ns;
    int64_t seen; /* events and coalesced calls by then */
};

/* The recording runs: one line on stderr. */
void status_say_begun(const struct session_parts *parts);

/* What is recorded and how, to a new peer. */
void status_say_hello(const struct session_parts *parts);

/* Begins the line `status` with what every source of a capture tells; whoever calls it sends it. */
void status_put(struct status *status, struct control *control, const struct recorder_counts *counts, int64_t bytes,
                int64_t now_ns);

/* Says `status` when it is due. */
void status_say(struct status *status, const struct session_parts *parts, const struct recorder_counts *counts,
                int64_t now_ns);

/* When `status` is due next (boot time); INT64_MAX while there is no peer. */
int64_t status_due(const struct status *status, const struct session_parts *parts);

/* The file is being brought to its end: readers let go of it, so that one file without a log is left. */
void status_say_finishing(struct control *control);

/* The recording has turned to its next file. */
void status_say_part(const struct session_parts *parts);

/* `detail` is "" where the reason says all. */
void status_say_stopped(struct control *control, const struct session_result *result, const char *detail);

/* The answer to `snapshot`, when its rows are on disk. */
void status_say_snapshot(struct control *control);

/* `code` is a word of a closed list (control.h). */
void status_say_error(struct control *control, const char *code, const char *text);

#endif
