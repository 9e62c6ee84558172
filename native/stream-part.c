/* SPDX-License-Identifier: MIT */
/*
 * The sink that is a stream. Rows leave as they are added; what the other side has of an open transaction it gives up
 * when that does not end in a commit.
 *
 * A peer that takes nothing holds the recording up: meanwhile the kernel's buffer fills, and what does not fit is counted
 * as lost. After PATIENCE the peer is taken for gone.
 */
#include "part-kind.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEND_AFTER (64u << 10) /* bytes that wait at most */
#define PATIENCE 30            /* looks, of a second each */

struct stream_part {
    struct part part;
    int file;
    int flags; /* of the file, as they were */
    bool open; /* a transaction */
    bool ended;
    int failure;
    int64_t sent;
    uint8_t *waiting;
    size_t length, room;
};

static struct stream_part *stream_of(struct part *part)
{
    return (struct stream_part *)part;
}

static int fail(struct stream_part *stream, int error, const char *text)
{
    if (!stream->failure)
        part_fail(&stream->part, text);
    stream->failure = error;
    return error;
}

/* Whether somebody wants this program to end, who would otherwise wait for a peer that takes nothing. */
static bool is_asked_to_end(void)
{
    sigset_t pending;

    return !sigpending(&pending) &&
           (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) || sigismember(&pending, SIGHUP));
}

static int wait_for_room(struct stream_part *stream, int *patience)
{
    struct pollfd watched = {.fd = stream->file, .events = POLLOUT};
    int r = poll(&watched, 1, 1000);

    if (r > 0 || (r < 0 && errno == EINTR))
        return 0;
    if (r < 0)
        return fail(stream, -errno, strerror(errno));
    if (--*patience > 0 && !is_asked_to_end())
        return 0;
    return fail(stream, -EPIPE, "whoever reads the stream takes nothing any more");
}

static int flush(struct stream_part *stream)
{
    int patience = PATIENCE;
    size_t done = 0;

    while (!stream->failure && done < stream->length) {
        ssize_t written = write(stream->file, stream->waiting + done, stream->length - done);

        if (written > 0) {
            done += (size_t)written;
            patience = PATIENCE;
        } else if (written < 0 && errno == EAGAIN) {
            wait_for_room(stream, &patience);
        } else if (written < 0 && errno != EINTR) {
            fail(stream, errno == ECONNRESET ? -EPIPE : -errno,
                 errno == EPIPE ? "nobody reads the stream any more" : strerror(errno));
        }
    }
    stream->sent += (int64_t)done;
    stream->length = 0;
    return stream->failure;
}

/* Where the next frame of so many bytes goes; NULL after a failure. */
static uint8_t *make_room(struct stream_part *stream, size_t bytes)
{
    uint8_t *grown;

    if (stream->length >= SEND_AFTER && flush(stream))
        return NULL;
    if (stream->length + bytes <= stream->room)
        return stream->waiting + stream->length;
    grown = realloc(stream->waiting, stream->length + bytes);
    if (!grown) {
        fail(stream, -ENOMEM, "no memory for a row");
        return NULL;
    }
    stream->waiting = grown;
    stream->room = stream->length + bytes;
    return grown + stream->length;
}

static int put_mark(struct stream_part *stream, enum stream_kind kind)
{
    uint8_t *to = stream->failure ? NULL : make_room(stream, STREAM_HEAD);

    if (!to)
        return stream->failure;
    stream_write_mark(to, kind);
    stream->length += STREAM_HEAD;
    return flush(stream);
}

static int begin(struct part *base)
{
    struct stream_part *stream = stream_of(base);

    stream->open = true;
    return stream->failure;
}

static int insert(struct part *base, enum table table, const struct value *values)
{
    struct stream_part *stream = stream_of(base);
    size_t bytes = stream_row_size(table, values);
    uint8_t *to = NULL;

    if (bytes > STREAM_HEAD + STREAM_CONTENT_LIMIT)
        fail(stream, -EMSGSIZE, "a row is too long for a stream");
    if (!stream->failure)
        to = make_room(stream, bytes);
    if (!to)
        return stream->failure;
    stream_write_row(to, table, values);
    stream->length += bytes;
    return 0;
}

static int commit(struct part *base)
{
    struct stream_part *stream = stream_of(base);

    stream->open = false;
    return put_mark(stream, STREAM_COMMIT);
}

static void roll_back(struct part *base)
{
    struct stream_part *stream = stream_of(base);

    if (stream->open)
        put_mark(stream, STREAM_ROLLBACK);
    stream->open = false;
}

static int64_t bytes(struct part *base)
{
    const struct stream_part *stream = stream_of(base);

    return stream->sent + (int64_t)stream->length;
}

static const char *look(struct part *base, char *ret_detail, size_t detail_size)
{
    struct stream_part *stream = stream_of(base);

    if (!put_mark(stream, STREAM_ALIVE))
        return NULL;
    snprintf(ret_detail, detail_size, "%s", part_error(base));
    return "peer-gone";
}

static int end(struct part *base)
{
    struct stream_part *stream = stream_of(base);

    if (stream->ended)
        return stream->failure;
    stream->ended = true;
    return put_mark(stream, STREAM_END);
}

static void close_stream(struct part *base)
{
    struct stream_part *stream = stream_of(base);

    fcntl(stream->file, F_SETFL, stream->flags);
    free(stream->waiting);
    free(stream);
}

/* The room is on the other side. */

static int64_t log_bytes(const struct part *base)
{
    (void)base;
    return 0;
}

static int hold(struct part *base, int64_t file_bytes, int64_t log)
{
    (void)base;
    (void)file_bytes;
    (void)log;
    return 0;
}

static void use_ballast(struct part *base)
{
    (void)base;
}

static int64_t held(const struct part *base)
{
    (void)base;
    return INT64_MAX;
}

static int merge(struct part *base)
{
    (void)base;
    return 0;
}

static const struct part_kind streams = {
    .begin = begin,
    .insert = insert,
    .commit = commit,
    .roll_back = roll_back,
    .bytes = bytes,
    .log_bytes = log_bytes,
    .hold = hold,
    .use_ballast = use_ballast,
    .held = held,
    .merge = merge,
    .look = look,
    .make_single = end,
    .close = close_stream,
    .remove = close_stream,
};

/* What is said on stderr would lie within the stream. */
static bool is_where_stderr_is(int file)
{
    struct stat own, other;

    return !fstat(file, &own) && !fstat(STDERR_FILENO, &other) && own.st_dev == other.st_dev &&
           own.st_ino == other.st_ino;
}

int part_create_stream(int file, struct part **ret_part, char *ret_error, size_t error_size)
{
    struct stream_part *stream;
    int flags = fcntl(file, F_GETFL);

    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) {
        snprintf(ret_error, error_size, "standard output is not open for a stream");
        return -EBADF;
    }
    if (is_where_stderr_is(file)) {
        snprintf(ret_error, error_size, "standard output and standard error lead to the same place");
        return -EINVAL;
    }
    stream = calloc(1, sizeof(*stream));
    if (stream)
        stream->waiting = malloc(SEND_AFTER);
    if (!stream || !stream->waiting) {
        free(stream);
        snprintf(ret_error, error_size, "no memory for the stream");
        return -ENOMEM;
    }
    stream->part.kind = &streams;
    stream->part.place = (struct place){.folder = -1, .name = "standard output"};
    stream->room = SEND_AFTER;
    stream->file = file;
    stream->flags = flags;
    fcntl(file, F_SETFL, flags | O_NONBLOCK);
    stream_write_preamble(stream->waiting);
    stream->length = STREAM_PREAMBLE;
    *ret_part = &stream->part;
    return 0;
}
