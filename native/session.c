/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "decode.h"
#include "loop.h"
#include "session-state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MILLISECOND 1000000LL
#define BATCH 2048
#define BATCH_TIME (10 * MILLISECOND)
#define LOOK_EVERY 32  /* records between two looks at the clock */
#define CHUNK_BATCH 32 /* 4 MiB */

static int turn(struct session *session);

int session_look_at_room(struct session *session)
{
    const char *full = store_full(session->parts->store);

    if (!full)
        return 0;
    if (session->parts->options->rotate && !session->last_part && !store_trouble(session->parts->store))
        return turn(session);
    if (!session->stop_reason)
        session->stop_reason = full;
    return 0;
}

/*
 * Counts what cannot be written any more. Returns whether it was: a return takes next to no room, and without it a call
 * that ended would seem not to have.
 */
static bool leave_out(struct session *session, const struct record_head *head, size_t size)
{
    const struct run_record *run = (const void *)head;

    if (!session->failure && (!session->stop_reason || !store_full(session->parts->store)))
        return false;
    if (size < sizeof(*head) || head->kind == RECORD_RETURN || head->kind == RECORD_PARAMETERS)
        return session->failure;
    if (!session->unwritten.events)
        session->unwritten.from_ns = (int64_t)head->ns;
    session->unwritten.events +=
        head->kind == RECORD_RUN && size == sizeof(*run) && run->count <= RUN_MOST ? (int64_t)run->count : 1;
    return true;
}

static int on_record(void *context, void *bytes, size_t size)
{
    struct session *session = context;

    if (!session->failure)
        session->failure = session_look_at_room(session);
    if (!leave_out(session, bytes, size))
        session->failure = recorder_take(session->recorder, bytes, size);
    if (++session->batch % LOOK_EVERY == 0 && clock_boot_ns() >= session->batch_until)
        session->batch_full = true;
    if (session->batch >= BATCH)
        session->batch_full = true;
    /* libbpf does not return while producers are faster than this side; after a batch it is made to. */
    return session->batch_full ? -EAGAIN : 0;
}

static int on_chunk(void *context, void *bytes, size_t size)
{
    struct session *session = context;

    if (!session->failure)
        session->failure = recorder_take_chunk(session->recorder, bytes, size);
    return ++session->chunks >= CHUNK_BATCH ? -EAGAIN : 0;
}

bool session_drain(struct session *session)
{
    int r;

    session->chunks = 0;
    r = image_ring_drain(session->images);
    if (r && !session->failure)
        session->failure = r;
    session->batch = 0;
    session->batch_full = false;
    session->batch_until = clock_boot_ns() + BATCH_TIME;
    ring_buffer__consume(session->ring);
    return session->batch_full || session->chunks >= CHUNK_BATCH;
}

/*
 * Takes a snapshot to its end. Records are taken meanwhile, but where that is what asks for it. With the programs off
 * none is taken: a module that came or went meanwhile would look like one that hides.
 */
static int take_snapshot(struct session *session, const char *reason, bool drains)
{
    const struct session_parts *parts = session->parts;
    int r = 0;

    if (session->detached)
        return 0;
    snapshots_ask(parts->snapshots, reason);
    while (!r && snapshots_busy(parts->snapshots)) {
        r = snapshots_step(parts->snapshots, session->recorder, parts->store);
        if (drains && !r) {
            session_drain(session);
            r = session->failure;
        }
    }
    return r;
}

/* What every file begins with. */
static int begin(struct session *session, const struct clock_sample *started, bool drains)
{
    const struct session_parts *parts = session->parts;
    int r;

    r = preface_put(&session->preface, parts, started);
    if (!r)
        r = recorder_put_own(session->recorder, "capture_start", started->boot_ns, NULL);
    if (!r)
        r = wall_clock_begin(&session->clock, session->recorder, started);
    if (!r)
        r = take_snapshot(session, "start", drains);
    if (!r)
        r = store_merge(parts->store);
    if (!r)
        store_begun(parts->store);
    session->last_look = session->last_scan = started->boot_ns;
    return r;
}

/* The rows that every file ends with. */
static int put_end(struct session *session, const char *reason)
{
    const struct session_parts *parts = session->parts;
    struct clock_sample stopped = clock_take_sample();
    const char *detail = store_trouble(parts->store) ? store_error(parts->store) : "";
    int64_t lost = session->unwritten.events;
    int r = 0;

    if (lost)
        r = recorder_put_loss(session->recorder, "disk", lost, session->unwritten.from_ns, stopped.boot_ns);
    if (!r)
        r = recorder_put_clock(session->recorder, &stopped);
    if (!r)
        r = recorder_put_own(session->recorder, "capture_stop", stopped.boot_ns, NULL);
    if (!r)
        r = store_insert(parts->store, TABLE_CAPTURE_STOP,
                         (struct value[]){value_integer(1), value_integer(stopped.boot_ns),
                                          value_integer(stopped.wall_ns), value_text(reason), value_any_text(detail)},
                         5);
    if (!r)
        r = store_commit(parts->store);
    if (!r)
        session->unwritten = (struct store_lost){0};
    return r;
}

/* Ends this file and begins the next; what is in the ring meanwhile goes there. */
static int turn(struct session *session)
{
    const struct session_parts *parts = session->parts;
    struct clock_sample started;
    int r;

    if (store_prepare_turn(parts->store)) {
        session->stop_reason = store_trouble(parts->store);
        return 0;
    }
    r = recorder_finish_image(session->recorder);
    if (!r)
        r = take_snapshot(session, "stop", false);
    if (!r)
        r = put_end(session, "rotated");
    if (!r)
        r = store_turn(parts->store);
    started = clock_take_sample();
    if (!r)
        snapshots_begin_part(parts->snapshots);
    if (!r)
        r = begin(session, &started, false);
    if (!r)
        r = recorder_begin_part(session->recorder);
    if (!r)
        status_say_part(parts);
    /* A file that is full when it has begun would be turned from for ever. */
    session->last_part = !r && store_full(parts->store);
    if (session->last_part)
        session->stop_reason = store_full(parts->store);
    return r;
}

/* Nothing new comes after the programs are off; what is in the ring belongs to the capture. */
static int end(struct session *session)
{
    const struct timespec running = {.tv_nsec = 20 * MILLISECOND}; /* programs that were on their way when detached */
    const struct session_parts *parts = session->parts;
    uint64_t recursion = hooks_recursion_misses(parts->hooks);
    int r;

    /* While the programs are on: what comes and goes meanwhile is no contradiction to the views. */
    r = take_snapshot(session, "stop", true);
    hooks_detach(parts->hooks);
    session->detached = true;
    nanosleep(&running, NULL);
    while (session_drain(session))
        ;
    if (!r)
        r = session->failure;
    if (!r)
        r = recorder_end_runs(session->recorder);
    if (!r)
        r = recorder_write_images(session->recorder, true);
    if (!r)
        r = recorder_write_pending(session->recorder, INT64_MAX);
    if (!r)
        r = recorder_take_losses(session->recorder, hooks_losses(parts->hooks));
    if (!r)
        r = recorder_take_recursion(session->recorder, recursion);
    return r ? r : put_end(session, session->stop_reason);
}

/* After a failure: what the file takes of the rows that say why it ends and what is missing. */
static int end_in_trouble(struct session *session)
{
    const struct session_parts *parts = session->parts;
    struct store_lost lost;
    int r;

    hooks_detach(parts->hooks);
    session->failure = -EIO; /* what is in the ring is counted */
    while (session_drain(session))
        ;
    lost = store_recover(parts->store);
    lost.events += recorder_count_pending(session->recorder);
    if (lost.events && (!session->unwritten.events || lost.from_ns < session->unwritten.from_ns))
        session->unwritten.from_ns = lost.from_ns ? lost.from_ns : session->last_look;
    session->unwritten.events += lost.events;
    session->stop_reason = store_trouble(parts->store);
    r = recorder_forget_rows(session->recorder);
    if (!r)
        r = recorder_end_runs(session->recorder);
    if (!r)
        r = store_commit(parts->store);
    if (r)
        session->unwritten.events += store_recover(parts->store).events;
    r = put_end(session, session->stop_reason);
    if (r)
        store_recover(parts->store);
    return r;
}

int session_run(const struct session_parts *parts, struct session_result *ret_result, char *ret_error,
                size_t error_size)
{
    const struct recorder_setup setup = {parts->options, hooks_threads(parts->hooks)};
    struct session session = {.parts = parts};
    int r;

    wall_clock_open(&session.clock);
    session.recorder = recorder_new(parts->store, &setup);
    session.images = image_ring_new(hooks_image_ring_fd(parts->hooks), on_chunk, &session);
    session.ring = ring_buffer__new(hooks_ring_fd(parts->hooks), on_record, &session, NULL);
    if (!session.recorder || !session.ring || !session.images) {
        r = -ENOMEM;
        snprintf(ret_error, error_size, "no memory for the recording");
        goto out;
    }
    r = begin(&session, &parts->started, true);
    if (!r) {
        status_say_begun(parts);
        status_say_hello(parts);
        r = loop_run(&session);
    }
    if (!r)
        r = end(&session);
    if (r && store_trouble(parts->store))
        r = end_in_trouble(&session);
    if (r || store_trouble(parts->store))
        snprintf(ret_error, error_size, "the recording to %s ended: %s", store_path(parts->store),
                 *store_error(parts->store) ? store_error(parts->store) : strerror(-r));
    *ret_result =
        (struct session_result){session.stop_reason, !store_trouble(parts->store), recorder_count(session.recorder)};
out:
    ring_buffer__free(session.ring);
    image_ring_free(session.images);
    recorder_free(session.recorder);
    wall_clock_close(&session.clock);
    return r;
}
