/* SPDX-License-Identifier: MIT */
/* The source that is a stream: its rows become a capture, sealed as they were where they were recorded. */
#ifndef MODTRAIL_RECEIVE_H
#define MODTRAIL_RECEIVE_H

#include "control.h"
#include "options.h"
#include "place.h"
#include "recorder.h"

#include <stddef.h>
#include <stdint.h>

/* Opens what --from names, for reading and where it can be also for writing. Returns it, or a negative errno. */
int receive_open(const char *from, char *ret_error, size_t error_size);

struct receive_parts {
    struct part *part;
    struct control *control; /* NULL: none */
    int from;
    int signals; /* signalfd of the signals that stop */
};

struct receive_result {
    char reason[32]; /* the recorder's own where the stream ended in order, else "stream-ended", "disk-full", … */
    bool in_order;   /* the stream came to its end */
    bool began;      /* the file holds something */
    bool has_end;    /* also the recorder's last row, with which a capture is finished */
    struct recorder_counts counts;
};

/*
 * Takes the stream until it ends or somebody stops it; the part is made single and closed, or removed where nothing
 * arrived. Says what goes on on stderr and over the control line. Returns 0, or a negative errno, with a sentence where
 * the stream did not end in order.
 */
int receive_run(const struct receive_parts *parts, struct receive_result *ret_result, char *ret_error,
                size_t error_size);

#endif
