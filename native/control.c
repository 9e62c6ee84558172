/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_LIMIT 4096

struct control {
    int socket;
    bool gone;
    bool skipping; /* in a line that is too long */
    char in[LINE_LIMIT];
    size_t in_length;
    char out[LINE_LIMIT * 4];
    size_t out_length;
    size_t out_pending; /* bytes of lines that the peer has not taken yet */
};

int control_connect(const char *path, uid_t user, struct control **ret_control, char *ret_error, size_t error_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct ucred peer;
    socklen_t size = sizeof(peer);
    struct control *control = NULL;
    int r;

    if (strlen(path) >= sizeof(address.sun_path)) {
        snprintf(ret_error, error_size, "the path of the control socket is too long");
        return -ENAMETOOLONG;
    }
    strcpy(address.sun_path, path);
    control = calloc(1, sizeof(*control));
    if (!control)
        return -ENOMEM;
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

int control_fd(const struct control *control)
{
    return control->socket;
}

static void flush(struct control *control)
{
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
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:-";

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

static void answer_error(struct control *control, const char *code, const char *text)
{
    control_begin(control, "error");
    control_text(control, "code", code);
    control_text(control, "text", text);
    control_send(control);
}

static enum control_request read_line(struct control *control, const char *line)
{
    if (!strcmp(line, "stop"))
        return CONTROL_STOP;
    if (!strcmp(line, "snapshot"))
        return CONTROL_SNAPSHOT;
    answer_error(control, "unknown-request", "known requests: stop, snapshot");
    return CONTROL_NONE;
}

/* Takes one line out of what has been read. Returns false when there is no whole line. */
static bool next_line(struct control *control, enum control_request *ret_request)
{
    char line[LINE_LIMIT];
    char *end = memchr(control->in, '\n', control->in_length);
    size_t length;

    *ret_request = CONTROL_NONE;
    if (!end) {
        if (control->in_length == sizeof(control->in)) {
            if (!control->skipping)
                answer_error(control, "line-too-long", "a line has at most 4096 bytes");
            control->skipping = true;
            control->in_length = 0;
        }
        return false;
    }
    length = (size_t)(end - control->in);
    memcpy(line, control->in, length);
    line[length] = '\0';
    control->in_length -= length + 1;
    memmove(control->in, end + 1, control->in_length);
    if (control->skipping)
        control->skipping = false;
    else if (memchr(line, '\0', length))
        answer_error(control, "unknown-request", "a line is text");
    else
        *ret_request = read_line(control, line);
    return true;
}

enum control_request control_take(struct control *control)
{
    /* What one call reads is bounded, so that a peer that never stops sending cannot hold up the recording. */
    int reads;

    for (reads = 0; reads < 16; reads++) {
        enum control_request request;
        ssize_t got;

        while (next_line(control, &request)) {
            if (request != CONTROL_NONE)
                return request;
        }
        if (control->gone)
            return CONTROL_GONE;
        got = recv(control->socket, control->in + control->in_length, sizeof(control->in) - control->in_length,
                   MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return CONTROL_NONE;
        if (got <= 0)
            return CONTROL_GONE;
        control->in_length += (size_t)got;
    }
    return CONTROL_NONE;
}

void control_close(struct control *control)
{
    if (!control)
        return;
    if (control->socket >= 0)
        close(control->socket);
    free(control);
}
