/* SPDX-License-Identifier: MIT */
/* Waits for records, requests, signals and what is due, one after the other, until something stops the recording. */
#ifndef MODTRAIL_LOOP_H
#define MODTRAIL_LOOP_H

#include "session-state.h"

/* Records until session->stop_reason is set. Returns 0, or a negative errno where the recording cannot go on. */
int loop_run(struct session *session);

#endif
