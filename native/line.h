/* SPDX-License-Identifier: MIT */
/* What an open file is, where bytes come and go: a screen, a serial line, a pipe. Asked before calls are confined. */
#ifndef MODTRAIL_LINE_H
#define MODTRAIL_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether it is the screen that this program was started from. */
bool line_is_screen(int file);

/* Whether somebody can speak there: a pipe, a socket, a serial line; not a file, nor /dev/null, nor the screen. */
bool line_has_speaker(int file);

/*
 * Lets a serial line pass on all bytes as they are; anything else is left as it is. Returns 0, or a negative errno with
 * a sentence.
 */
int line_make_raw(int file, char *ret_error, size_t error_size);

#endif
