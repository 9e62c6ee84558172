/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "recorder.h"
#include "snapshot.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND 1000000LL
#define SECOND 1000000000LL

/* Together they keep the promise that a record is on disk 100 ms after it arrived. */
#define COMMIT_AFTER (25 * MILLISECOND)
#define PENDING_AFTER (50 * MILLISECOND)

#define STATUS_EVERY (500 * MILLISECOND)
#define SLOW_LOOK_EVERY SECOND /* the clock, and programs that were skipped */
#define CLOCK_WRITE_EVERY (60 * SECOND)
#define CLOCK_STEP (10 * MILLISECOND)
#define IDLE_TICK_MS 250
#define BUSY_TICK_MS 10
#define BATCH 2048
#define BATCH_TIME (10 * MILLISECOND)
#define LOOK_EVERY 32 /* records between two looks at the clock */

struct session {
    const struct session_parts *parts;
    struct recorder *recorder;
    struct ring_buffer *ring;
    int failure;
    int batch;
    int64_t batch_until;
    bool batch_full;
    struct clock_sample last_clock;
    int64_t last_look;
    int64_t last_status;
    const char *stop_reason;          /* NULL: goes on */
    char uuid[37], previous_uuid[37]; /* of this file and of the one before it */
    struct store_lost unwritten;      /* what came when the file or the disk was full */
};

static int turn(struct session *session);

/* Before something is added: a file that is full stops the recording, or the next one is begun. */
static int look_at_room(struct session *session)
{
    const char *full = store_full(session->parts->store);

    if (!full || session->stop_reason)
        return 0;
    if (session->parts->options->rotate && !store_trouble(session->parts->store))
        return turn(session);
    session->stop_reason = full;
    return 0;
}

/* What cannot be written any more is counted: a return adds to a row that its entry made or did not make. */
static void leave_out(struct session *session, const struct record_head *head, size_t size)
{
    if (size < sizeof(*head) || head->kind == RECORD_RETURN)
        return;
    if (!session->unwritten.events++)
        session->unwritten.from_ns = (int64_t)head->ns;
}

static int on_record(void *context, void *bytes, size_t size)
{
    struct session *session = context;

    if (!session->failure)
        session->failure = look_at_room(session);
    if (session->failure || (session->stop_reason && store_full(session->parts->store)))
        leave_out(session, bytes, size);
    else
        session->failure = recorder_take(session->recorder, bytes, size);
    if (++session->batch % LOOK_EVERY == 0 && clock_boot_ns() >= session->batch_until)
        session->batch_full = true;
    if (session->batch >= BATCH)
        session->batch_full = true;
    /* libbpf does not return while producers are faster than this side; after a batch it is made to. */
    return session->batch_full ? -EAGAIN : 0;
}

/* Takes a batch out of the ring, bounded in number and time. Returns whether more may be there. */
static bool drain(struct session *session)
{
    session->batch = 0;
    session->batch_full = false;
    session->batch_until = clock_boot_ns() + BATCH_TIME;
    ring_buffer__consume(session->ring);
    return session->batch_full;
}

void session_count_hooks(const struct hooks *hooks, int *ret_attached, int *ret_unavailable)
{
    size_t i;

    *ret_attached = *ret_unavailable = 0;
    for (i = 0; i < hooks_count(hooks); i++) {
        const char *state = hooks_outcome(hooks, i).state;

        *ret_attached += !strcmp(state, "attached");
        *ret_unavailable += !strcmp(state, "unavailable");
    }
}

/* A random (version 4) UUID. */
static int make_uuid(char *ret_text, size_t size)
{
    unsigned char byte[16];
    int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : read(file, byte, sizeof(byte));

    if (file >= 0)
        close(file);
    if (got != (ssize_t)sizeof(byte))
        return -EIO;
    byte[6] = (byte[6] & 0x0f) | 0x40;
    byte[8] = (byte[8] & 0x3f) | 0x80;
    snprintf(ret_text, size, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", byte[0], byte[1],
             byte[2], byte[3], byte[4], byte[5], byte[6], byte[7], byte[8], byte[9], byte[10], byte[11], byte[12],
             byte[13], byte[14], byte[15]);
    return 0;
}

static int put_capture(struct session *session, const struct clock_sample *started)
{
    const struct session_parts *parts = session->parts;
    static const char *const policies[] = {"kept", "hashed", "under"};
    const struct host *host = parts->host;
    int r;

    memcpy(session->previous_uuid, session->uuid, sizeof(session->uuid));
    r = make_uuid(session->uuid, sizeof(session->uuid));
    if (r)
        return r;
    return store_insert(
        parts->store, TABLE_CAPTURE,
        (struct value[]){
            value_integer(1),
            value_text(session->uuid),
            value_text(COLLECTOR_VERSION),
            value_integer(started->boot_ns),
            value_integer(started->wall_ns),
            value_any_text(host->name),
            value_any_text(host->release),
            value_any_text(host->version),
            value_any_text(host->architecture),
            value_any_text(host->boot_id),
            value_any_text(host->command_line),
            host->has_taint ? value_integer(host->taint) : value_null(),
            value_any_text(host->lockdown),
            host->has_modules_disabled ? value_integer(host->modules_disabled) : value_null(),
            host->has_signature_enforced ? value_integer(host->signature_enforced) : value_null(),
            value_integer(parts->options->ring_bytes),
            value_integer(parts->options->image_ring_bytes),
            value_text(policies[parts->options->image_policy]),
            parts->options->images_under ? value_any_text(parts->options->images_under) : value_null(),
            value_integer((int64_t)parts->options->image_limit),
            parts->options->scan_interval_ns ? value_integer((int64_t)parts->options->scan_interval_ns) : value_null(),
            value_integer(store_part(parts->store)),
            value_text(*session->previous_uuid ? session->previous_uuid : NULL),
            store_previous_digest(parts->store),
            store_signing_key(parts->store),
            value_integer(TEXT_LIMIT),
            value_integer(PATH_LIMIT),
            value_integer(ARGV_LIMIT),
            value_integer(ANCESTOR_LIMIT),
        },
        29);
}

static int put_hooks(const struct session_parts *parts)
{
    size_t i;
    int r = 0;

    for (i = 0; !r && i < hooks_count(parts->hooks); i++) {
        struct hook_outcome outcome = hooks_outcome(parts->hooks, i);

        r = store_insert(parts->store, TABLE_HOOK,
                         (struct value[]){value_integer((int64_t)i + 1), value_text(outcome.purpose),
                                          value_text(outcome.mechanism), value_text(outcome.target),
                                          value_text(outcome.state), value_text(outcome.reason)},
                         6);
    }
    return r;
}

/* What every file begins with. */
static int begin(struct session *session, const struct clock_sample *started)
{
    const struct session_parts *parts = session->parts;
    int r;

    r = put_capture(session, started);
    if (!r)
        r = put_hooks(parts);
    if (!r)
        r = recorder_put_own(session->recorder, "capture_start", started->boot_ns, NULL);
    if (!r)
        r = recorder_put_clock(session->recorder, started);
    if (!r)
        r = snapshot_take(session->recorder, parts->store, "start");
    if (!r)
        r = store_merge(parts->store);
    if (!r)
        store_begun(parts->store);
    session->last_clock = *started;
    session->last_look = started->boot_ns;
    return r;
}

static int look_at_clock(struct session *session)
{
    struct clock_sample sample;
    int64_t drift;
    int r;

    sample = clock_take_sample();
    drift = clock_drift_ns(&session->last_clock, &sample);
    if (drift < CLOCK_STEP && drift > -CLOCK_STEP && sample.boot_ns - session->last_clock.boot_ns < CLOCK_WRITE_EVERY)
        return 0;
    r = recorder_put_clock(session->recorder, &sample);
    session->last_clock = sample;
    return r;
}

static void say_counts(struct session *session)
{
    struct control *control = session->parts->control;
    struct recorder_counts counts = recorder_count(session->recorder);

    control_number(control, "events", counts.events);
    control_number(control, "calls", counts.calls);
    control_number(control, "lost", counts.lost);
    control_number(control, "bytes", store_bytes(session->parts->store));
}

static void say_part(struct session *session)
{
    struct control *control = session->parts->control;
    const struct store *store = session->parts->store;

    fprintf(stderr, "going on in %s\n", store_path(store));
    if (!control)
        return;
    control_begin(control, "part");
    control_number(control, "number", store_part(store));
    control_text(control, "out", store_path(store));
    control_send(control);
}

static void say_hello(struct session *session)
{
    struct control *control = session->parts->control;
    int attached, unavailable;

    if (!control)
        return;
    session_count_hooks(session->parts->hooks, &attached, &unavailable);
    control_begin(control, "hello");
    control_text(control, "version", COLLECTOR_VERSION);
    control_number(control, "format", 2);
    control_number(control, "pid", getpid());
    control_text(control, "out", store_path(session->parts->store));
    control_number(control, "attached", attached);
    control_number(control, "unavailable", unavailable);
    control_send(control);
}

static void say_status(struct session *session, int64_t now)
{
    if (!session->parts->control || now - session->last_status < STATUS_EVERY)
        return;
    session->last_status = now;
    control_begin(session->parts->control, "status");
    say_counts(session);
    control_send(session->parts->control);
}

static int take_control(struct session *session)
{
    switch (control_take(session->parts->control)) {
    case CONTROL_STOP:
        session->stop_reason = "request";
        return 0;
    case CONTROL_GONE:
        session->stop_reason = "peer-gone";
        return 0;
    case CONTROL_SNAPSHOT:
        return snapshot_take(session->recorder, session->parts->store, "request");
    default:
        return 0;
    }
}

static void take_signal(struct session *session)
{
    struct signalfd_siginfo info;

    if (read(session->parts->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        session->stop_reason = "signal";
}

/* What is due apart from records: rows of open calls, losses, the clock, commits, status. */
static int keep_up(struct session *session)
{
    const struct session_parts *parts = session->parts;
    int64_t now = clock_boot_ns();
    int64_t open_since;
    int r;

    r = recorder_write_pending(session->recorder, now - PENDING_AFTER);
    if (!r)
        r = recorder_take_losses(session->recorder, hooks_losses(parts->hooks));
    if (now - session->last_look >= SLOW_LOOK_EVERY) {
        session->last_look = now;
        if (!r)
            r = recorder_take_recursion(session->recorder, hooks_recursion_misses(parts->hooks));
        if (!r)
            r = look_at_clock(session);
        store_watch(parts->store);
        store_tend(parts->store);
    }
    if (!r)
        r = look_at_room(session);
    open_since = store_open_since(parts->store);
    if (!r && open_since && now - open_since >= COMMIT_AFTER)
        r = store_commit(parts->store);
    say_status(session, now);
    if (parts->options->duration_ns && now - parts->started.boot_ns >= (int64_t)parts->options->duration_ns)
        session->stop_reason = "duration";
    if (store_trouble(parts->store))
        session->stop_reason = store_trouble(parts->store);
    return r;
}

static int watch(int watcher, int file, uint32_t tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = tag};

    return epoll_ctl(watcher, EPOLL_CTL_ADD, file, &event) ? -errno : 0;
}

static int record(struct session *session)
{
    enum { RING, CONTROL, SIGNALS };
    const struct session_parts *parts = session->parts;
    int watcher = epoll_create1(EPOLL_CLOEXEC);
    bool more = true;
    int r = watcher < 0 ? -errno : 0;

    if (!r)
        r = watch(watcher, ring_buffer__epoll_fd(session->ring), RING);
    if (!r)
        r = watch(watcher, parts->signals, SIGNALS);
    if (!r && parts->control)
        r = watch(watcher, control_fd(parts->control), CONTROL);
    while (!r && !session->stop_reason) {
        struct epoll_event ready[4];
        bool busy = store_open_since(parts->store) || recorder_oldest_pending(session->recorder);
        int count = epoll_wait(watcher, ready, 4, more ? 0 : busy ? BUSY_TICK_MS : IDLE_TICK_MS);

        more = drain(session);
        r = session->failure;
        for (; !r && count > 0; count--) {
            if (ready[count - 1].data.u32 == CONTROL)
                r = take_control(session);
            else if (ready[count - 1].data.u32 == SIGNALS)
                take_signal(session);
        }
        if (!r)
            r = keep_up(session);
    }
    if (watcher >= 0)
        close(watcher);
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
        session->unwritten = (struct store_lost){0};
    if (!r)
        r = recorder_put_clock(session->recorder, &stopped);
    if (!r)
        r = recorder_put_own(session->recorder, "capture_stop", stopped.boot_ns, NULL);
    if (!r)
        r = store_insert(parts->store, TABLE_CAPTURE_STOP,
                         (struct value[]){value_integer(1), value_integer(stopped.boot_ns),
                                          value_integer(stopped.wall_ns), value_text(reason), value_any_text(detail)},
                         5);
    return r ? r : store_commit(parts->store);
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
    r = snapshot_take(session->recorder, parts->store, "stop");
    if (!r)
        r = put_end(session, "rotated");
    if (!r)
        r = store_turn(parts->store);
    started = clock_take_sample();
    if (!r)
        r = begin(session, &started);
    if (!r)
        r = recorder_begin_part(session->recorder);
    if (!r)
        say_part(session);
    /* A file that is full when it has begun would be turned from for ever. */
    if (!r && store_full(parts->store))
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

    hooks_detach(parts->hooks);
    nanosleep(&running, NULL);
    while (drain(session))
        ;
    r = session->failure;
    if (!r)
        r = recorder_write_pending(session->recorder, INT64_MAX);
    if (!r)
        r = recorder_take_losses(session->recorder, hooks_losses(parts->hooks));
    if (!r)
        r = recorder_take_recursion(session->recorder, recursion);
    if (!r)
        r = snapshot_take(session->recorder, parts->store, "stop");
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
    while (drain(session))
        ;
    lost = store_recover(parts->store);
    lost.events += recorder_count_pending(session->recorder);
    if (lost.events && (!session->unwritten.events || lost.from_ns < session->unwritten.from_ns))
        session->unwritten.from_ns = lost.from_ns ? lost.from_ns : session->last_look;
    session->unwritten.events += lost.events;
    session->stop_reason = store_trouble(parts->store);
    r = put_end(session, session->stop_reason);
    if (r)
        store_recover(parts->store);
    return r;
}

int session_run(const struct session_parts *parts, void (*ready)(const struct session_parts *),
                struct session_result *ret_result, char *ret_error, size_t error_size)
{
    struct session session = {.parts = parts};
    struct recorder_counts counts;
    int r;

    session.recorder = recorder_new(parts->store);
    session.ring = ring_buffer__new(hooks_ring_fd(parts->hooks), on_record, &session, NULL);
    if (!session.recorder || !session.ring) {
        r = -ENOMEM;
        snprintf(ret_error, error_size, "no memory for the recording");
        goto out;
    }
    r = begin(&session, &parts->started);
    if (!r) {
        ready(parts);
        say_hello(&session);
        r = record(&session);
    }
    if (!r)
        r = end(&session);
    if (r && store_trouble(parts->store))
        r = end_in_trouble(&session);
    if (r || store_trouble(parts->store))
        snprintf(ret_error, error_size, "the recording to %s ended: %s", store_path(parts->store),
                 *store_error(parts->store) ? store_error(parts->store) : strerror(-r));
    counts = recorder_count(session.recorder);
    *ret_result = (struct session_result){session.stop_reason, !store_trouble(parts->store), counts.events,
                                          counts.calls, counts.lost};
out:
    ring_buffer__free(session.ring);
    recorder_free(session.recorder);
    return r;
}
