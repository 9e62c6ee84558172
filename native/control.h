/* SPDX-License-Identifier: MIT */
/*
 * The line to the program that asked for the recording: a unix socket that the collector connects to.
 *
 * Lines of words separated by one blank, ended by a newline; after the first word each is key=value with everything
 * but letters, digits and ._/:,- percent-encoded. In: stop, snapshot. Out: hello, status, snapshot (the answer, when its
 * rows are on disk), finishing, stopped, and error with one of the codes unknown-request, line-too-long, busy,
 * recording-failed; the last one comes before the end of the line.
 */
#ifndef MODTRAIL_CONTROL_H
#define MODTRAIL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct control;

enum control_request {
    CONTROL_NONE,
    CONTROL_STOP,
    CONTROL_SNAPSHOT,
    CONTROL_GONE, /* the peer has closed the line, which ends with it */
};

/*
 * Connects to a listener that belongs to `user` or to root. Returns 0, or a negative errno with a sentence.
 */
int control_connect(const char *path, uid_t user, struct control **ret_control, char *ret_error, size_t error_size);

/*
 * Reads requests from an open file, which stays the caller's; nothing is answered, and its end means nothing. Where
 * nobody can speak (a file, a screen, /dev/null) there is no line: NULL. Returns 0 or -ENOMEM.
 */
int control_listen(int file, struct control **ret_control);

/*
 * From now on the line outlives its peer: a socket is made at `path`, which must not exist, where another one may take its
 * place. Returns 0, or a negative errno with a sentence.
 */
int control_open_door(struct control *control, const char *path, char *ret_error, size_t error_size);

/* The socket at which others may come, -1: none. */
int control_door(const struct control *control);

/*
 * Lets in whoever has come, where no peer is there and it is a process of the same user; others are turned away. Returns
 * whether there is a new peer: its descriptor has to be watched, and nothing was said to it yet.
 */
bool control_admit(struct control *control);

/* Lets go of a peer that is gone, where the line outlives it. */
void control_tend(struct control *control);

/* Whether somebody can be told something. */
bool control_has_peer(const struct control *control);

int control_fd(const struct control *control);

/* Whether no request can come any more though the recording goes on; its descriptor need not be watched. */
bool control_is_silent(const struct control *control);

/* Whether the peer takes nothing any more, and the line ends with it. */
bool control_is_gone(const struct control *control);

/*
 * What is read and answered in one round is bounded, so that a peer that never stops sending cannot hold up the
 * recording: what is left stays in the socket until the next round.
 */
void control_begin_round(struct control *control);

/* Returns the next request, CONTROL_NONE at the end of the round. Wrong lines are answered with an error and skipped. */
enum control_request control_take(struct control *control);

/* Begins a line, adds fields, sends it. A line that the peer does not take is dropped whole. */
void control_begin(struct control *control, const char *word);
void control_text(struct control *control, const char *key, const char *text);
void control_number(struct control *control, const char *key, long long number);
void control_send(struct control *control);

void control_close(struct control *control);

#endif
