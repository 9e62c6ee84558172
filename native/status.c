/* SPDX-License-Identifier: MIT */
#include "status.h"

#include "say.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATUS_EVERY 500000000LL
#define LONGEST_DETAIL 5000 /* three times that is less than a line takes */
#define NAMES_LIMIT 3072    /* of hooks, so that hello stays one short line */

/* The hooks in a state, as mechanism:target, separated by commas; what does not fit is left out whole. */
static int list_hooks(const struct hooks *hooks, const char *state, char *ret_names, size_t size)
{
    size_t i, length = 0;
    int count = 0;

    ret_names[0] = '\0';
    for (i = 0; i < hooks_count(hooks); i++) {
        struct hook_outcome outcome = hooks_outcome(hooks, i);
        size_t more = strlen(outcome.mechanism) + 1 + strlen(outcome.target) + (length ? 1 : 0);

        if (strcmp(outcome.state, state))
            continue;
        count++;
        if (length + more >= size)
            continue;
        length += (size_t)snprintf(ret_names + length, size - length, "%s%s:%s", length ? "," : "", outcome.mechanism,
                                   outcome.target);
    }
    return count;
}

void status_say_begun(const struct session_parts *parts)
{
    char names[NAMES_LIMIT];
    int attached = list_hooks(parts->hooks, "attached", names, sizeof(names));
    int unavailable = list_hooks(parts->hooks, "unavailable", names, sizeof(names));

    say("recording to %s: %d hooks attached, %d unavailable", store_path(parts->store), attached, unavailable);
}

void status_say_hello(const struct session_parts *parts)
{
    struct control *control = parts->control;
    char present[NAMES_LIMIT], missing[NAMES_LIMIT];
    int attached = list_hooks(parts->hooks, "attached", present, sizeof(present));
    int unavailable = list_hooks(parts->hooks, "unavailable", missing, sizeof(missing));

    if (!control)
        return;
    control_begin(control, "hello");
    control_text(control, "version", COLLECTOR_VERSION);
    control_number(control, "format", 2);
    control_number(control, "pid", getpid());
    control_text(control, "out", store_path(parts->store));
    control_number(control, "attached", attached);
    control_number(control, "unavailable", unavailable);
    control_text(control, "hooks", present);
    control_text(control, "missing", missing);
    control_send(control);
}

void status_put(struct status *status, struct control *control, const struct recorder_counts *counts, int64_t bytes,
                int64_t now_ns)
{
    int64_t seen = counts->events + counts->coalesced, passed = now_ns - status->said_ns;

    control_begin(control, "status");
    control_number(control, "events", counts->events);
    control_number(control, "calls", counts->calls + counts->coalesced);
    control_number(control, "attempts", counts->calls);
    control_number(control, "coalesced", counts->coalesced);
    control_number(control, "images", counts->images);
    control_number(control, "lost", counts->lost);
    control_number(control, "bytes", bytes);
    control_number(control, "rate",
                   status->said_ns ? (int64_t)((double)(seen - status->seen) * 1e9 / (double)passed) : 0);
    status->said_ns = now_ns;
    status->seen = seen;
}

void status_say(struct status *status, const struct session_parts *parts, const struct recorder_counts *counts,
                int64_t now_ns)
{
    if (!parts->control || now_ns < status_due(status, parts))
        return;
    status_put(status, parts->control, counts, store_bytes(parts->store), now_ns);
    control_send(parts->control);
}

int64_t status_due(const struct status *status, const struct session_parts *parts)
{
    return parts->control && control_has_peer(parts->control) ? status->said_ns + STATUS_EVERY : INT64_MAX;
}

void status_say_finishing(struct control *control)
{
    if (!control)
        return;
    control_begin(control, "finishing");
    control_send(control);
}

void status_say_part(const struct session_parts *parts)
{
    struct control *control = parts->control;

    say("going on in %s", store_path(parts->store));
    if (!control)
        return;
    control_begin(control, "part");
    control_number(control, "number", store_part(parts->store));
    control_text(control, "out", store_path(parts->store));
    control_send(control);
}

void status_say_stopped(struct control *control, const struct session_result *result, const char *detail)
{
    char cut[LONGEST_DETAIL];

    if (!control)
        return;
    snprintf(cut, sizeof(cut), "%s", detail);
    control_begin(control, "stopped");
    control_text(control, "reason", result->reason);
    if (*detail)
        control_text(control, "detail", cut);
    control_number(control, "events", result->counts.events);
    control_number(control, "calls", result->counts.calls + result->counts.coalesced);
    control_number(control, "lost", result->counts.lost);
    control_send(control);
}

void status_say_snapshot(struct control *control)
{
    if (!control)
        return;
    control_begin(control, "snapshot");
    control_send(control);
}

void status_say_error(struct control *control, const char *code, const char *text)
{
    char cut[LONGEST_DETAIL];

    if (!control)
        return;
    snprintf(cut, sizeof(cut), "%s", text);
    control_begin(control, "error");
    control_text(control, "code", code);
    control_text(control, "text", cut);
    control_send(control);
}
