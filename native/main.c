/* SPDX-License-Identifier: MIT */
/*
 * modtrail-collector: records every attempt to load or remove a kernel module into a capture.
 *
 * Root attaches to the kernel; then the program becomes the user who asked, and only then does it create a file.
 */
#include "control.h"
#include "hooks.h"
#include "host.h"
#include "options.h"
#include "privilege.h"
#include "session.h"
#include "store.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_CUT_SHORT 1 /* something stopped the recording; what there is was finished */
#define EXIT_UNUSABLE 2

static void say_ready(const struct session_parts *parts)
{
    int attached, unavailable;

    session_count_hooks(parts->hooks, &attached, &unavailable);
    fprintf(stderr, "recording to %s: %d hooks attached, %d unavailable\n", store_path(parts->store), attached,
            unavailable);
}

/* Signals that stop a recording are read in the loop, so that none of them cuts a write in two. */
static int block_stop_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, NULL))
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is an answer to a write, not an end */
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void say_stopped(struct control *control, const struct session_result *result, const char *detail)
{
    if (!control)
        return;
    control_begin(control, "stopped");
    control_text(control, "reason", result->reason);
    if (*detail)
        control_text(control, "detail", detail);
    control_number(control, "events", result->events);
    control_number(control, "calls", result->calls);
    control_number(control, "lost", result->lost);
    control_send(control);
}

static void say_error(struct control *control, const char *text)
{
    if (!control)
        return;
    control_begin(control, "error");
    control_text(control, "code", "recording-failed");
    control_text(control, "text", text);
    control_send(control);
}

/* Readers of the growing file let go of it, so that one file without a log is left. */
static void say_finishing(struct control *control)
{
    if (!control)
        return;
    control_begin(control, "finishing");
    control_send(control);
}

/* Returns 0, EXIT_CUT_SHORT or a negative errno. */
static int run(const struct options *options, char *ret_error, size_t error_size)
{
    struct identity identity = privilege_find_identity(options);
    struct session_parts parts = {.options = options, .signals = -1};
    struct session_result result = {0};
    struct host host;
    char path[8192];
    int r;

    host_read(&host);
    parts.host = &host;
    parts.signals = block_stop_signals();
    if (parts.signals < 0)
        return parts.signals;
    setpriority(PRIO_PROCESS, 0, -10); /* a recorder that waits for its turn loses records */
    parts.started = clock_take_sample();
    r = hooks_attach(options, &parts.hooks, ret_error, error_size);
    if (r)
        goto out;
    r = privilege_drop(&identity);
    if (r) {
        snprintf(ret_error, error_size, "cannot become user %u: %s", identity.user, strerror(-r));
        goto out;
    }
    umask(077);
    if (options->control) {
        r = control_connect(options->control, geteuid(), &parts.control, ret_error, error_size);
        if (r)
            goto out;
    }
    r = store_create(options, &parts.store, ret_error, error_size);
    if (r)
        goto out;
    r = session_run(&parts, say_ready, &result, ret_error, error_size);
    snprintf(path, sizeof(path), "%s", store_path(parts.store));
    say_finishing(parts.control);
    if (store_finish(parts.store) && !r)
        r = -EIO;
    parts.store = NULL;
    if (!r) {
        fprintf(stderr, "finished %s: %lld events, %lld calls, %lld lost\n", path, result.events, result.calls,
                result.lost);
        say_stopped(parts.control, &result, ret_error);
    }
out:
    if (r)
        say_error(parts.control, ret_error);
    control_close(parts.control);
    hooks_free(parts.hooks);
    if (parts.signals >= 0)
        close(parts.signals);
    return r ? r : result.in_order ? 0 : EXIT_CUT_SHORT;
}

int main(int argc, char **argv)
{
    struct options options;
    char error[512] = "";
    int r;

    if (options_read(argc, argv, &options, error, sizeof(error))) {
        fprintf(stderr, "modtrail-collector: %s\n", error);
        return EXIT_UNUSABLE;
    }
    if (options.show_help) {
        fputs(options_usage, stdout);
        return EXIT_SUCCESS;
    }
    if (options.show_version) {
        puts("modtrail-collector " COLLECTOR_VERSION);
        return EXIT_SUCCESS;
    }
    if (geteuid() != 0) {
        fprintf(stderr, "modtrail-collector: observing the kernel needs root: run it through sudo or pkexec\n");
        return EXIT_UNUSABLE;
    }
    r = run(&options, error, sizeof(error));
    if (r)
        fprintf(stderr, "modtrail-collector: %s\n", *error ? error : "out of memory");
    return r < 0 ? EXIT_UNUSABLE : r;
}
