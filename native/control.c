/* SPDX-License-Identifier: MIT */
#include "control.h"

#include "line.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LINE_LIMIT 4096
#define READS_PER_ROUND 4
#define ANSWERS_PER_ROUND 8
#define LAST_WORDS_TRIES 50 /* of 20 ms */
#define WAITING_PEERS 4

struct control {
    int socket;   /* or what requests are read from; -1: no peer at the moment */
    int door;     /* where another peer may come; -1: the line ends with its peer */
    bool is_mute; /* requests are read, and nothing is answered */
    bool gone;
    bool skipping;      /* in a line that is too long */
    int reads, answers; /* left in this round */
    char in[LINE_LIMIT];
    size_t in_length, in_taken;
    char out[LINE_LIMIT * 4];
    size_t out_length;
    size_t out_pending; /* bytes of lines that the peer has not taken yet */
};

static int take_path(struct sockaddr_un *address, const char *path, const char *what, char *ret_error,
                     size_t error_size)
{
    address->sun_family = AF_UNIX;
    if (strlen(path) < sizeof(address->sun_path)) {
        strcpy(address->sun_path, path);
        return 0;
    }
    snprintf(ret_error, error_size, "the path of the %s is longer than %zu bytes", what, sizeof(address->sun_path) - 1);
    return -ENAMETOOLONG;
}

int control_connect(const char *path, uid_t user, struct control **ret_control, char *ret_error, size_t error_size)
{
    struct sockaddr_un address = {};
    struct ucred peer;
    socklen_t size = sizeof(peer);
    struct control *control = NULL;
    int r;

    r = take_path(&address, path, "control socket", ret_error, error_size);
    if (r)
        return r;
    control = calloc(1, sizeof(*control));
    if (!control)
        return -ENOMEM;
    control->door = -1;
    control->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (control->socket < 0 || connect(control->socket, (struct sockaddr *)&address, sizeof(address)) ||
        getsockopt(control->socket, SOL_SOCKET, SO_PEERCRED, &peer, &size)) {
        r = -errno;
        snprintf(ret_error, error_size, "the control socket %s does not answer: %s", path, strerror(-r));
        goto fail;
    }
    if (peer.uid != user && peer.uid != 0) {
        r = -EPERM;
        snprintf(ret_error, error_size, "the control socket %s belongs to another user (%u)", path, peer.uid);
        goto fail;
    }
    *ret_control = control;
    return 0;
fail:
    control_close(control);
    return r;
}

int control_listen(int file, struct control **ret_control)
{
    struct control *control;

    *ret_control = NULL;
    if (!line_has_speaker(file))
        return 0;
    control = calloc(1, sizeof(*control));
    if (!control)
        return -ENOMEM;
    control->socket = file;
    control->door = -1;
    control->is_mute = true;
    *ret_control = control;
    return 0;
}

int control_open_door(struct control *control, const char *path, char *ret_error, size_t error_size)
{
    struct sockaddr_un address = {};
    int r = take_path(&address, path, "socket to keep", ret_error, error_size);

    if (r)
        return r;
    control->door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (control->door >= 0 && !bind(control->door, (struct sockaddr *)&address, sizeof(address)) &&
        !listen(control->door, WAITING_PEERS))
        return 0;
    r = -errno;
    snprintf(ret_error, error_size, "no socket can be made at %s: %s", path, strerror(-r));
    return r;
}

int control_door(const struct control *control)
{
    return control->door;
}

static void let_go(struct control *control)
{
    close(control->socket);
    control->socket = -1;
    control->gone = control->skipping = false;
    control->in_length = control->in_taken = control->out_length = control->out_pending = 0;
}

void control_tend(struct control *control)
{
    if (control->gone && control->door >= 0)
        let_go(control);
}

bool control_has_peer(const struct control *control)
{
    return control->socket >= 0;
}

/* The next one may come before it was noticed that the one before is gone. */
static bool has_left(const struct control *control)
{
    char byte;

    return control->gone || recv(control->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

bool control_admit(struct control *control)
{
    int peer = accept4(control->door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    socklen_t size = sizeof(struct ucred);
    struct ucred who;

    if (peer < 0)
        return false;
    if (control->socket >= 0 && has_left(control))
        let_go(control);
    if (control->socket >= 0 || getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) || who.uid != geteuid()) {
        close(peer);
        return false;
    }
    control->socket = peer;
    return true;
}

int control_fd(const struct control *control)
{
    return control->socket;
}

bool control_is_silent(const struct control *control)
{
    return control->is_mute && control->gone;
}

bool control_is_gone(const struct control *control)
{
    return control->gone && !control->is_mute && control->door < 0;
}

static void flush(struct control *control)
{
    if (control->is_mute || control->socket < 0)
        control->out_pending = 0;
    while (control->out_pending > 0) {
        ssize_t sent = send(control->socket, control->out, control->out_pending, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0) {
            if (sent < 0 && errno != EAGAIN)
                control->gone = true;
            return;
        }
        control->out_pending -= (size_t)sent;
        memmove(control->out, control->out + sent, control->out_pending);
    }
}

static void put(struct control *control, const char *text, size_t length)
{
    if (control->out_length + length > sizeof(control->out)) {
        control->out_length = sizeof(control->out) + 1; /* dropped by control_send */
        return;
    }
    memcpy(control->out + control->out_length, text, length);
    control->out_length += length;
}

void control_begin(struct control *control, const char *word)
{
    flush(control);
    control->out_length = control->out_pending;
    put(control, word, strlen(word));
}

void control_text(struct control *control, const char *key, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:,-";

    put(control, " ", 1);
    put(control, key, strlen(key));
    put(control, "=", 1);
    for (; *text; text++) {
        char code[4];

        if (strchr(plain, *text)) {
            put(control, text, 1);
            continue;
        }
        snprintf(code, sizeof(code), "%%%02X", (unsigned char)*text);
        put(control, code, 3);
    }
}

void control_number(struct control *control, const char *key, long long number)
{
    char text[32];

    snprintf(text, sizeof(text), "%lld", number);
    control_text(control, key, text);
}

void control_send(struct control *control)
{
    put(control, "\n", 1);
    if (control->out_length <= sizeof(control->out))
        control->out_pending = control->out_length;
    flush(control);
}

/* Only so many answers in a round: a peer that sends nothing but wrong lines is not worth more time. */
static void answer_error(struct control *control, const char *code, const char *text)
{
    if (control->answers == 0)
        return;
    control->answers--;
    control_begin(control, "error");
    control_text(control, "code", code);
    control_text(control, "text", text);
    control_send(control);
}

/* `line` is not ended by NUL. */
static enum control_request read_line(struct control *control, const char *line, size_t length)
{
    static const struct {
        const char *word;
        enum control_request request;
    } known[] = {{"stop", CONTROL_STOP}, {"snapshot", CONTROL_SNAPSHOT}};
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (length == strlen(known[i].word) && !memcmp(line, known[i].word, length))
            return known[i].request;
    }
    answer_error(control, "unknown-request", "known requests: stop, snapshot");
    return CONTROL_NONE;
}

/* Takes one line out of what has been read. Returns false where there is no whole one. */
static bool next_line(struct control *control, enum control_request *ret_request)
{
    const char *line = control->in + control->in_taken;
    size_t left = control->in_length - control->in_taken;
    const char *end = memchr(line, '\n', left);

    *ret_request = CONTROL_NONE;
    if (!end)
        return false;
    control->in_taken += (size_t)(end - line) + 1;
    if (control->skipping)
        control->skipping = false;
    else
        *ret_request = read_line(control, line, (size_t)(end - line));
    return true;
}

/* Makes room behind the part of a line that is there. A line that fills all the room is passed over to its end. */
static void make_room(struct control *control)
{
    control->in_length -= control->in_taken;
    memmove(control->in, control->in + control->in_taken, control->in_length);
    control->in_taken = 0;
    if (control->in_length < sizeof(control->in))
        return;
    if (!control->skipping)
        answer_error(control, "line-too-long", "a line has at most 4096 bytes");
    control->skipping = true;
    control->in_length = 0;
}

/* Bytes that are there; nothing is waited for. */
static ssize_t receive(const struct control *control, char *ret_bytes, size_t size)
{
    struct pollfd watched = {.fd = control->socket, .events = POLLIN};
    int r;

    if (!control->is_mute)
        return recv(control->socket, ret_bytes, size, MSG_DONTWAIT);
    r = poll(&watched, 1, 0);
    if (r > 0)
        return read(control->socket, ret_bytes, size);
    errno = r ? errno : EAGAIN;
    return -1;
}

void control_begin_round(struct control *control)
{
    control->reads = READS_PER_ROUND;
    control->answers = ANSWERS_PER_ROUND;
}

enum control_request control_take(struct control *control)
{
    for (;;) {
        enum control_request request;
        ssize_t got;

        while (next_line(control, &request)) {
            if (request != CONTROL_NONE)
                return request;
        }
        if (control->gone)
            return control_is_gone(control) ? CONTROL_GONE : CONTROL_NONE;
        if (control->reads == 0 || control->socket < 0)
            return CONTROL_NONE;
        control->reads--;
        make_room(control);
        got = receive(control, control->in + control->in_length, sizeof(control->in) - control->in_length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return CONTROL_NONE;
        if (got <= 0) {
            control->gone = true;
            return control_is_gone(control) ? CONTROL_GONE : CONTROL_NONE;
        }
        control->in_length += (size_t)got;
    }
}

void control_close(struct control *control)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int tries;

    if (!control)
        return;
    /* A peer that was busy may still want to read how it ended. */
    for (tries = 0; tries < LAST_WORDS_TRIES && control->out_pending && !control->gone; tries++) {
        nanosleep(&pause, NULL);
        flush(control);
    }
    if (control->socket >= 0 && !control->is_mute)
        close(control->socket);
    if (control->door >= 0)
        close(control->door);
    free(control);
}
