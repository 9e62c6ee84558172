/* SPDX-License-Identifier: MIT */
/*
 * The control socket against a peer that sends anything in pieces of any length. The input's first byte says how
 * many pieces; the rest is what the peer sends. After each piece the collector takes what there is and sends a status.
 */
#include "../native/control.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ROUNDS 100000 /* far more than one input can have lines */

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener;

static void leave(void)
{
    unlink(address.sun_path);
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
    (void)count;
    (void)words;
    snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/modtrail-fuzz-control-%d", (int)getpid());
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 4)) {
        perror("fuzz: the listening socket");
        exit(2);
    }
    atexit(leave);
    return 0;
}

/* Answers fill the socket where nobody reads them; half of the inputs have a peer that reads. */
static void read_answers(int peer)
{
    char answer[65536];

    while (recv(peer, answer, sizeof(answer), MSG_DONTWAIT) > 0)
        ;
}

static void take_all(struct control *control)
{
    int i;

    for (i = 0; i < ROUNDS; i++) {
        enum control_request request = control_take(control);

        if (request == CONTROL_NONE || request == CONTROL_GONE)
            return;
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct control *control;
    char error[256], word[64];
    size_t piece, at, part;
    int peer;

    if (size < 1)
        return 0;
    if (control_connect(address.sun_path, getuid(), &control, error, sizeof(error)))
        abort();
    peer = accept(listener, NULL, NULL);
    if (peer < 0)
        abort();
    piece = size / (1 + (data[0] & 0x7f)) + 1;
    for (at = 1; at < size; at += part) {
        part = size - at < piece ? size - at : piece;
        if (send(peer, data + at, part, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)part)
            break;
        take_all(control);
        snprintf(word, sizeof(word), "%.*s", (int)(part < 40 ? part : 40), (const char *)data + at);
        control_begin(control, "status");
        control_text(control, "text", word);
        control_number(control, "number", (long long)at);
        control_send(control);
        if (data[0] & 0x80)
            read_answers(peer);
    }
    close(peer);
    take_all(control);
    control_close(control);
    return 0;
}
