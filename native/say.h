/* SPDX-License-Identifier: MIT */
/* What a person reads on stderr. Names and words from outside are in it: they drive no terminal and begin no line. */
#ifndef MODTRAIL_SAY_H
#define MODTRAIL_SAY_H

#include <stddef.h>

/* Bytes that one byte of a text takes at most: \xNN. */
#define SAY_WIDEST 4

/*
 * Copies a text so that it can be shown: control characters, what turns the direction of text, and bytes that are not
 * UTF-8 become \xNN or \u{…}, as the command line has them (contract/printable.ts). What has no room is left out, never
 * within a character. Returns the bytes written, without the NUL behind them.
 */
size_t say_printable(const char *text, char *ret_text, size_t size);

/* One line on stderr. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

#endif
