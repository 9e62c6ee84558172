/* SPDX-License-Identifier: MIT */
/*
 * Nothing in a stream is trusted: the frames are checked (stream.c), and each row by the tables' own rules. What a
 * stream holds beyond its last commit is given up, as of a recorder that was killed.
 */
#include "receive.h"

#include "clock.h"
#include "line.h"
#include "part.h"
#include "say.h"
#include "status.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MILLISECOND 1000000LL
#define STATUS_EVERY (500 * MILLISECOND)
#define STOP_LIMIT (5000 * MILLISECOND) /* for a recorder that was asked to stop */
#define GONE_LIMIT (700 * MILLISECOND)  /* for one whose peer here is gone */
#define READ_SIZE (256u << 10)
#define BUFFER_SIZE (STREAM_HEAD + STREAM_CONTENT_LIMIT + READ_SIZE)
#define MERGE_AFTER (4 << 20)
#define MOST_COUNTED (1LL << 60)
#define ROOM (4 << 20) /* held on the disk beyond what is in use */

/* Columns that are looked at. */
#define EVENT_KIND 2
#define EVENT_REPEAT 14
#define STOP_REASON 3
#define LOSS_LOST 2
#define CAPTURE_HOST 5

struct receiver {
    const struct receive_parts *parts;
    struct receive_result *result;
    struct recorder_counts open; /* with the rows of the open transaction */
    uint8_t *buffer;
    size_t length;
    bool has_preamble, in_transaction, has_capture, said_hello, is_over;
    bool open_end; /* the open transaction holds the recorder's last row */
    bool got_bytes;
    bool asked_to_stop;
    struct status status;
    mode_t from_mode; /* of what is read, as stat(2) has it; 0: not known */
    int64_t stop_limit, heard_ns, looked_ns;
    char host[256];
    char *error;
    size_t error_size;
};

/*
 * A recorder can be asked to stop over a socket or a serial line. What is written to a file becomes a part of it; what is
 * written to a fifo is read again here, and who has it open for writing never sees its end.
 */
static bool is_two_way(mode_t mode)
{
    return S_ISCHR(mode) || S_ISSOCK(mode);
}

int receive_open(const char *from, char *ret_error, size_t error_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int flags = O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
    struct stat found;
    bool two_way;
    int file, r;

    if (!strcmp(from, "-"))
        return STDIN_FILENO;
    /* Looked at first, as some lines can be opened once only. */
    two_way = !stat(from, &found) && is_two_way(found.st_mode);
    file = open(from, (two_way ? O_RDWR : O_RDONLY) | flags);
    if (file < 0 && two_way && (errno == EACCES || errno == EROFS))
        file = open(from, O_RDONLY | flags);
    if (file < 0 && errno == ENXIO && strlen(from) < sizeof(address.sun_path)) { /* a socket is not opened so */
        strcpy(address.sun_path, from);
        file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (file >= 0 && connect(file, (struct sockaddr *)&address, sizeof(address))) {
            r = -errno;
            close(file);
            errno = -r;
            file = -1;
        }
    }
    if (file < 0) {
        r = -errno;
        snprintf(ret_error, error_size, "%.*s cannot be opened: %s", PATH_MAX, from, strerror(-r));
        return r;
    }
    r = line_make_raw(file, ret_error, error_size);
    if (!r)
        return file;
    close(file);
    return r;
}

/* --- what is said ------------------------------------------------------------------------------------------------- */

static void say_hello(struct receiver *receiver)
{
    const struct place *place = part_place(receiver->parts->part);
    struct control *control = receiver->parts->control;
    char path[PATH_MAX + PLACE_NAME];

    snprintf(path, sizeof(path), "%s/%s", place->path, place->name);
    say("recording to %s: a stream", path);
    if (!control)
        return;
    control_begin(control, "hello");
    control_text(control, "version", COLLECTOR_VERSION);
    control_number(control, "format", 2);
    control_number(control, "pid", getpid());
    control_text(control, "out", path);
    control_text(control, "host", receiver->host);
    control_send(control);
}

static void say_status(struct receiver *receiver, int64_t now)
{
    struct control *control = receiver->parts->control;

    if (!control || !receiver->said_hello || now - receiver->status.said_ns < STATUS_EVERY)
        return;
    status_put(&receiver->status, control, &receiver->result->counts, part_bytes(receiver->parts->part), now);
    control_number(control, "silent", (now - receiver->heard_ns) / MILLISECOND);
    control_send(control);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void end_with(struct receiver *receiver, const char *reason, const char *text)
{
    receiver->is_over = true;
    snprintf(receiver->result->reason, sizeof(receiver->result->reason), "%s", reason);
    snprintf(receiver->error, receiver->error_size, "%s", text);
}

/* The same for a stream that is given up before its end, with what is kept of it: what its commits cover. */
static void end_early(struct receiver *receiver, const char *reason, const char *how)
{
    const char *kept = "";
    char text[200];

    if (receiver->result->began)
        kept = "; what came before its last commit is there";
    else if (receiver->got_bytes)
        kept = "; nothing of it could be kept, as its first commit had not come";
    snprintf(text, sizeof(text), "%s%s", how, kept);
    end_with(receiver, reason, text);
}

static bool is_call(const struct value *kind)
{
    static const char *const calls[] = {"finit_module", "init_module", "delete_module"};
    size_t i;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (kind->type == VALUE_TEXT && kind->length == strlen(calls[i]) &&
            !memcmp(kind->bytes, calls[i], kind->length))
            return true;
    }
    return false;
}

/* Adds what a number is above `least`. Sums come from outside: they stop growing where sums of them would overflow. */
static void add(int64_t *sum, const struct value *value, int64_t least)
{
    if (value->type != VALUE_INTEGER || value->integer <= least)
        return;
    if (__builtin_add_overflow(*sum, value->integer - least, sum) || *sum > MOST_COUNTED)
        *sum = MOST_COUNTED;
}

static void copy_text(const struct value *value, char *ret_text, size_t size)
{
    size_t length = value->length < size - 1 ? value->length : size - 1;

    if (value->type != VALUE_TEXT)
        return;
    memcpy(ret_text, value->bytes, length);
    ret_text[length] = '\0';
}

static void count(struct receiver *receiver, const struct stream_frame *frame)
{
    struct recorder_counts *counts = &receiver->open;

    switch (frame->table) {
    case TABLE_CAPTURE:
        receiver->has_capture = true;
        copy_text(&frame->values[CAPTURE_HOST], receiver->host, sizeof(receiver->host));
        break;
    case TABLE_CAPTURE_STOP:
        receiver->open_end = true;
        copy_text(&frame->values[STOP_REASON], receiver->result->reason, sizeof(receiver->result->reason));
        break;
    case TABLE_EVENT:
        counts->events++;
        if (!is_call(&frame->values[EVENT_KIND]))
            break;
        counts->calls++;
        add(&counts->coalesced, &frame->values[EVENT_REPEAT], 1);
        break;
    case TABLE_IMAGE_FACT:
        counts->images++;
        break;
    case TABLE_LOSS_FACT:
        add(&counts->lost, &frame->values[LOSS_LOST], 0);
        break;
    default:
        break;
    }
}

static int fail(struct receiver *receiver, int error, const char *what)
{
    char text[400];

    snprintf(text, sizeof(text), "%s: %s", what,
             *part_error(receiver->parts->part) ? part_error(receiver->parts->part) : strerror(-error));
    end_with(receiver, part_reason(error), text);
    return error;
}

static int take_row(struct receiver *receiver, const struct stream_frame *frame)
{
    struct part *part = receiver->parts->part;
    char what[80];
    int r = receiver->in_transaction ? 0 : part_begin(part);

    if (r)
        return fail(receiver, r, "the capture cannot be written");
    receiver->in_transaction = true;
    r = part_insert(part, frame->table, frame->values);
    if (!r) {
        count(receiver, frame);
        return 0;
    }
    snprintf(what, sizeof(what), "a row of table %s cannot be added", tables[frame->table].name);
    return fail(receiver, r, what);
}

static int take_commit(struct receiver *receiver)
{
    struct part *part = receiver->parts->part;
    int r;

    if (!receiver->in_transaction)
        return 0;
    if (!receiver->has_capture) {
        end_with(receiver, "error", "the stream does not begin with what a capture begins with");
        return -EINVAL;
    }
    r = part_hold(part, part_bytes(part) + ROOM, part_log_bytes(part) + ROOM);
    if (!r)
        r = part_commit(part);
    if (r)
        return fail(receiver, r, "the capture cannot be written");
    receiver->in_transaction = false;
    receiver->result->began = true;
    receiver->result->counts = receiver->open;
    receiver->result->has_end = receiver->result->has_end || receiver->open_end;
    if (receiver->said_hello && part_log_bytes(part) < MERGE_AFTER)
        return 0;
    r = part_merge(part);
    if (r)
        return fail(receiver, r, "the capture cannot be written");
    if (!receiver->said_hello)
        say_hello(receiver);
    receiver->said_hello = true;
    return 0;
}

static void roll_back(struct receiver *receiver)
{
    part_roll_back(receiver->parts->part);
    receiver->in_transaction = receiver->open_end = false;
    receiver->open = receiver->result->counts;
}

static int take_frame(struct receiver *receiver, const struct stream_frame *frame)
{
    switch (frame->kind) {
    case STREAM_ROW:
        return take_row(receiver, frame);
    case STREAM_COMMIT:
        return take_commit(receiver);
    case STREAM_ROLLBACK:
        roll_back(receiver);
        return 0;
    case STREAM_END:
        receiver->is_over = receiver->result->in_order = true;
        return 0;
    default:
        return 0;
    }
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static int take_preamble(struct receiver *receiver)
{
    char text[200];

    if (stream_read_preamble(receiver->buffer, text, sizeof(text))) {
        end_with(receiver, "error", text);
        return -EINVAL;
    }
    receiver->has_preamble = true;
    return 0;
}

static int take_frames(struct receiver *receiver)
{
    size_t taken = 0;
    int r = 0;

    if (!receiver->has_preamble) {
        if (receiver->length < STREAM_PREAMBLE)
            return 0;
        r = take_preamble(receiver);
        taken = STREAM_PREAMBLE;
    }
    while (!r && !receiver->is_over) {
        struct stream_frame frame;
        char text[200];
        ssize_t size = stream_read(receiver->buffer + taken, receiver->length - taken, &frame, text, sizeof(text));

        if (size == 0)
            break;
        if (size < 0) {
            end_with(receiver, "error", text);
            return (int)size;
        }
        taken += (size_t)size;
        r = take_frame(receiver, &frame);
    }
    receiver->length -= taken;
    memmove(receiver->buffer, receiver->buffer + taken, receiver->length);
    return r;
}

static int take_bytes(struct receiver *receiver)
{
    ssize_t got = read(receiver->parts->from, receiver->buffer + receiver->length, READ_SIZE);
    char how[128];

    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (got < 0) {
        snprintf(how, sizeof(how), "the stream cannot be read: %s", strerror(errno));
        end_early(receiver, "stream-ended", how);
        return 0;
    }
    if (got == 0) {
        end_early(receiver, "stream-ended",
                  receiver->got_bytes ? "the stream broke off" : "the stream ended before anything came");
        return 0;
    }
    receiver->got_bytes = true;
    receiver->heard_ns = clock_boot_ns();
    receiver->length += (size_t)got;
    return take_frames(receiver);
}

/* --- being stopped ------------------------------------------------------------------------------------------------ */

/* Whoever reads a stream that cannot be written to has to ask the recorder by another way. */
static void ask(const struct receiver *receiver, const char *request)
{
    if (!is_two_way(receiver->from_mode))
        return;
    if (write(receiver->parts->from, request, strlen(request)) < 0)
        return;
}

/* The recorder is asked to end, and its last rows are waited for; one that does not answer is left. */
static void stop(struct receiver *receiver, int64_t patience)
{
    if (receiver->asked_to_stop || !receiver->result->began || S_ISREG(receiver->from_mode)) {
        end_early(receiver, "request",
                  receiver->got_bytes ? "the stream was left before its end"
                                      : "the stream was left before anything came");
        return;
    }
    receiver->asked_to_stop = true;
    receiver->stop_limit = clock_boot_ns() + patience;
    ask(receiver, "stop\n");
}

static void take_control(struct receiver *receiver)
{
    struct control *control = receiver->parts->control;
    enum control_request request;

    control_begin_round(control);
    do {
        request = control_take(control);
        if (request == CONTROL_STOP)
            stop(receiver, STOP_LIMIT);
        else if (request == CONTROL_SNAPSHOT)
            ask(receiver, "snapshot\n");
        else if (request == CONTROL_GONE && !receiver->asked_to_stop)
            stop(receiver, GONE_LIMIT);
    } while (request != CONTROL_NONE && request != CONTROL_GONE && !receiver->is_over);
}

static void take_signal(struct receiver *receiver)
{
    struct signalfd_siginfo info;

    if (read(receiver->parts->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        stop(receiver, STOP_LIMIT);
}

/* Returns whether all is well with it. */
static bool look_at_file(struct receiver *receiver)
{
    char detail[PLACE_TEXT];
    const char *word = part_look(receiver->parts->part, detail, sizeof(detail));

    if (word)
        end_with(receiver, word, detail);
    return !word;
}

static int wait_and_take(struct receiver *receiver)
{
    const struct receive_parts *parts = receiver->parts;
    struct pollfd watched[] = {
        {.fd = parts->from, .events = POLLIN},
        {.fd = parts->signals, .events = POLLIN},
        {.fd = parts->control && !control_is_gone(parts->control) ? control_fd(parts->control) : -1, .events = POLLIN},
    };
    int64_t now;
    int r = 0;

    if (poll(watched, 3, (int)(STATUS_EVERY / MILLISECOND)) < 0)
        return errno == EINTR ? 0 : -errno;
    if (watched[1].revents)
        take_signal(receiver);
    if (watched[2].revents && !receiver->is_over)
        take_control(receiver);
    if (watched[0].revents && !receiver->is_over)
        r = take_bytes(receiver);
    now = clock_boot_ns();
    if (!receiver->is_over && receiver->asked_to_stop && now > receiver->stop_limit)
        end_early(receiver, "request", "the recorder did not answer, and the stream was left before its end");
    if (!receiver->is_over && now - receiver->looked_ns >= STATUS_EVERY) {
        receiver->looked_ns = now;
        look_at_file(receiver);
    }
    if (!receiver->status.said_ns)
        receiver->status.said_ns = now;
    say_status(receiver, now);
    return r;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void finish(struct receiver *receiver)
{
    struct part *part = receiver->parts->part;

    if (receiver->in_transaction)
        roll_back(receiver);
    if (!receiver->result->began) {
        part_remove(part);
        return;
    }
    if (receiver->parts->control) {
        control_begin(receiver->parts->control, "finishing");
        control_send(receiver->parts->control);
    }
    part_use_ballast(part);
    receiver->result->in_order = receiver->result->in_order && look_at_file(receiver);
    /* One that broke off stays marked as a growing one, as a killed recorder leaves it: readers can tell it from a cut. */
    if (receiver->result->in_order)
        part_finish(part);
    part_close(part);
}

int receive_run(const struct receive_parts *parts, struct receive_result *ret_result, char *ret_error,
                size_t error_size)
{
    struct receiver receiver = {.parts = parts, .result = ret_result, .error = ret_error, .error_size = error_size};
    struct stat from;
    int r = 0;

    memset(ret_result, 0, sizeof(*ret_result));
    receiver.heard_ns = receiver.looked_ns = clock_boot_ns();
    if (!fstat(parts->from, &from))
        receiver.from_mode = from.st_mode;
    receiver.buffer = malloc(BUFFER_SIZE);
    if (!receiver.buffer) {
        part_remove(parts->part);
        return -ENOMEM;
    }
    while (!r && !receiver.is_over)
        r = wait_and_take(&receiver);
    finish(&receiver);
    free(receiver.buffer);
    return r;
}
