/* SPDX-License-Identifier: MIT */
/* What session.c and loop.c share. */
#ifndef MODTRAIL_SESSION_STATE_H
#define MODTRAIL_SESSION_STATE_H

#include "image-ring.h"
#include "preface.h"
#include "recorder.h"
#include "session.h"
#include "status.h"
#include "wall-clock.h"

#include <bpf/libbpf.h>

struct session {
    const struct session_parts *parts;
    struct recorder *recorder;
    struct ring_buffer *ring;
    struct image_ring *images;
    int failure;
    int batch;
    int chunks;
    int64_t batch_until;
    bool batch_full;
    struct preface preface;
    struct wall_clock clock;
    struct status status;
    int64_t last_look;
    int64_t last_scan;
    int64_t last_request;        /* snapshot that the peer asked for */
    bool owes_snapshot;          /* that one is not taken yet */
    const char *stop_reason;     /* NULL: goes on */
    bool detached;               /* nothing is watched any more */
    bool last_part;              /* no other file is begun, as this one was full from its beginning */
    struct store_lost unwritten; /* what came when the file or the disk was full */
};

/* Takes a batch out of each ring, bounded in number and time. Returns whether more may be there. */
bool session_drain(struct session *session);

/* Before something is added: a file that is full stops the recording, or the next one is begun. */
int session_look_at_room(struct session *session);

#endif
