/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define MILLISECOND 1000000LL
#define SECOND 1000000000LL

/* Together they keep the promise that a record is on disk 100 ms after it arrived. */
#define COMMIT_AFTER (25 * MILLISECOND)
#define PENDING_AFTER (50 * MILLISECOND)

/* After a rest of COMMIT_AFTER, what has come and is complete is committed so soon: whoever watches waits for no more. */
#define SETTLE (2 * MILLISECOND)

#define SLOW_LOOK_EVERY SECOND /* the clock, the file, and programs that were skipped */
#define BUSY_TICK (10 * MILLISECOND)
#define IMAGE_TICK MILLISECOND /* an image is written in pieces */
#define SNAPSHOT_PAUSE SECOND  /* between two that the peer asks for */

static int take_snapshot_request(struct session *session)
{
    struct control *control = session->parts->control;
    int64_t now = clock_boot_ns();

    if (session->last_request && now - session->last_request < SNAPSHOT_PAUSE) {
        status_say_error(control, "busy", "a snapshot was taken less than a second ago");
        return 0;
    }
    session->last_request = now;
    session->owes_snapshot = true;
    snapshots_ask(session->parts->snapshots, "request");
    return 0;
}

static int take_control(struct session *session)
{
    int r = 0;

    control_begin_round(session->parts->control);
    while (!r && !session->stop_reason) {
        switch (control_take(session->parts->control)) {
        case CONTROL_STOP:
            session->stop_reason = "request";
            break;
        case CONTROL_GONE:
            session->stop_reason = "peer-gone";
            break;
        case CONTROL_SNAPSHOT:
            r = take_snapshot_request(session);
            break;
        case CONTROL_NONE:
            return 0;
        }
    }
    return r;
}

static void take_signal(struct session *session)
{
    struct signalfd_siginfo info;

    if (read(session->parts->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        session->stop_reason = "signal";
}

/* Looks at the modules when it is time, a few milliseconds at once. */
static int scan(struct session *session, int64_t now)
{
    const struct session_parts *parts = session->parts;
    int64_t interval = (int64_t)parts->options->scan_interval_ns;
    int r;

    if (interval && now - session->last_scan >= interval && !snapshots_busy(parts->snapshots)) {
        session->last_scan = now;
        snapshots_ask(parts->snapshots, "interval");
    }
    r = snapshots_step(parts->snapshots, session->recorder, parts->store);
    if (r || !session->owes_snapshot || snapshots_busy(parts->snapshots))
        return r;
    session->owes_snapshot = false;
    r = store_commit(parts->store);
    if (!r)
        status_say_snapshot(parts->control);
    return r;
}

/* When what was written is to be committed (boot time), 0 where nothing was. Commits lie COMMIT_AFTER apart. */
static int64_t commit_due(const struct session *session)
{
    const struct store *store = session->parts->store;
    int64_t open_since = store_open_since(store);
    bool rested = open_since - store_committed_at(store) >= COMMIT_AFTER;
    bool complete = !recorder_oldest_pending(session->recorder) && !recorder_has_images(session->recorder);

    if (!open_since)
        return 0;
    return open_since + (rested && complete ? SETTLE : COMMIT_AFTER);
}

/* What is due apart from records: rows of open calls, losses, the clock, commits, status. */
static int keep_up(struct session *session)
{
    const struct session_parts *parts = session->parts;
    int64_t now = clock_boot_ns();
    struct recorder_counts counts;
    int64_t due;
    int r;

    r = recorder_write_pending(session->recorder, now - PENDING_AFTER);
    /* What is known of a call does not wait for the bytes of a large image. */
    if (!r && recorder_has_large_image(session->recorder) && store_open_since(parts->store))
        r = store_commit(parts->store);
    if (!r)
        r = recorder_write_images(session->recorder, false);
    if (!r && recorder_has_runs(session->recorder))
        r = recorder_watch_runs(session->recorder);
    if (!r)
        r = recorder_take_losses(session->recorder, hooks_losses(parts->hooks));
    if (now - session->last_look >= SLOW_LOOK_EVERY) {
        session->last_look = now;
        image_ring_rest(session->images, now);
        if (!r)
            r = recorder_take_recursion(session->recorder, hooks_recursion_misses(parts->hooks));
        if (!r)
            r = wall_clock_look(&session->clock, session->recorder);
        store_watch(parts->store);
        store_tend(parts->store);
    }
    if (!r)
        r = scan(session, now);
    if (!r)
        r = session_look_at_room(session);
    due = commit_due(session);
    if (!r && due && now >= due)
        r = store_commit(parts->store);
    counts = recorder_count(session->recorder);
    status_say(&session->status, parts, &counts, now);
    if (parts->control)
        control_tend(parts->control);
    if (store_trouble(parts->store))
        session->stop_reason = store_trouble(parts->store);
    if (session->stop_reason)
        return r;
    if (parts->options->duration_ns && now - parts->started.boot_ns >= (int64_t)parts->options->duration_ns)
        session->stop_reason = "duration";
    else if (parts->control && control_is_gone(parts->control))
        session->stop_reason = "peer-gone";
    return r;
}

/* Until something is due that nothing wakes for, in milliseconds. An idle recorder wakes for nothing else. */
static int time_to_wait(const struct session *session)
{
    const struct session_parts *parts = session->parts;
    int64_t now = clock_boot_ns(), due = session->last_look + SLOW_LOOK_EVERY;
    int64_t commit = commit_due(session);

    if (recorder_has_images(session->recorder))
        due = now + IMAGE_TICK;
    else if (commit || recorder_oldest_pending(session->recorder) || recorder_has_runs(session->recorder))
        due = now + BUSY_TICK;
    if (commit && commit < due)
        due = commit;
    if (snapshots_busy(parts->snapshots))
        due = now;
    if (parts->options->scan_interval_ns && session->last_scan + (int64_t)parts->options->scan_interval_ns < due)
        due = session->last_scan + (int64_t)parts->options->scan_interval_ns;
    if (status_due(&session->status, parts) < due)
        due = status_due(&session->status, parts);
    if (parts->options->duration_ns && parts->started.boot_ns + (int64_t)parts->options->duration_ns < due)
        due = parts->started.boot_ns + (int64_t)parts->options->duration_ns;
    return due <= now ? 0 : (int)((due - now + MILLISECOND - 1) / MILLISECOND);
}

enum { WATCH_RING, WATCH_IMAGES, WATCH_SIGNALS, WATCH_CONTROL, WATCH_DOOR, WATCH_CLOCK };

static int watch(int watcher, int file, uint32_t tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = tag};

    if (file < 0)
        return 0;
    return epoll_ctl(watcher, EPOLL_CTL_ADD, file, &event) ? -errno : 0;
}

static int watch_all(const struct session *session, int watcher)
{
    const struct session_parts *parts = session->parts;
    int r = watch(watcher, ring_buffer__epoll_fd(session->ring), WATCH_RING);

    if (!r)
        r = watch(watcher, image_ring_fd(session->images), WATCH_IMAGES);
    if (!r)
        r = watch(watcher, parts->signals, WATCH_SIGNALS);
    if (!r)
        r = watch(watcher, parts->control ? control_fd(parts->control) : -1, WATCH_CONTROL);
    if (!r)
        r = watch(watcher, parts->control ? control_door(parts->control) : -1, WATCH_DOOR);
    if (!r)
        r = watch(watcher, session->clock.file, WATCH_CLOCK);
    return r;
}

/* Somebody has come in the place of a peer that is gone. */
static int take_peer(struct session *session, int watcher)
{
    const struct session_parts *parts = session->parts;
    int r;

    if (!control_admit(parts->control))
        return 0;
    r = watch(watcher, control_fd(parts->control), WATCH_CONTROL);
    if (!r)
        status_say_hello(parts);
    return r;
}

static int take_event(struct session *session, int watcher, uint32_t tag)
{
    int r;

    switch (tag) {
    case WATCH_CONTROL:
        r = take_control(session);
        if (!r && control_is_silent(session->parts->control))
            r = epoll_ctl(watcher, EPOLL_CTL_DEL, control_fd(session->parts->control), NULL) ? -errno : 0;
        return r;
    case WATCH_DOOR:
        return take_peer(session, watcher);
    case WATCH_CLOCK:
        return wall_clock_take(&session->clock, session->recorder);
    case WATCH_SIGNALS:
        take_signal(session);
        return 0;
    default:
        return 0; /* the rings are looked at in every round */
    }
}

int loop_run(struct session *session)
{
    int watcher = epoll_create1(EPOLL_CLOEXEC);
    bool more = true;
    int r = watcher < 0 ? -errno : watch_all(session, watcher);

    while (!r && !session->stop_reason) {
        struct epoll_event ready[8];
        int count = epoll_wait(watcher, ready, 8, more ? 0 : time_to_wait(session));

        more = session_drain(session);
        r = session->failure;
        for (; !r && count > 0; count--)
            r = take_event(session, watcher, ready[count - 1].data.u32);
        if (!r)
            r = keep_up(session);
    }
    if (watcher >= 0)
        close(watcher);
    return r;
}
