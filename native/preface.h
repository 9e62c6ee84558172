/* SPDX-License-Identifier: MIT */
/* The rows that every file of a recording begins with: what it is a capture of, and by which hooks. */
#ifndef MODTRAIL_PREFACE_H
#define MODTRAIL_PREFACE_H

#include "session.h"

/* Names of this file and of the one before it. Starts as zeroes. */
struct preface {
    char uuid[37], previous_uuid[37];
};

/* Writes `capture`, under a new name, and `hook`. Returns 0 or a negative errno. */
int preface_put(struct preface *preface, const struct session_parts *parts, const struct clock_sample *started);

#endif
