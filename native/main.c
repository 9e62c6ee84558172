/* SPDX-License-Identifier: MIT */
/*
 * modtrail-collector: records every attempt to load or remove a kernel module into a capture.
 *
 * Root attaches to the kernel; then the program becomes the user who asked, and only then does it create a file.
 */
#include "control.h"
#include "hooks.h"
#include "host.h"
#include "landlock.h"
#include "options.h"
#include "privilege.h"
#include "seccomp.h"
#include "session.h"
#include "status.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
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

/* Where descriptors 0 to 2 are closed, a file of the recording would take their place and what is said. */
static int provide_standard_files(void)
{
    int file;

    do {
        file = open("/dev/null", O_RDWR);
    } while (file >= 0 && file <= STDERR_FILENO);
    if (file < 0)
        return -errno;
    close(file);
    return 0;
}

/* From root to the user, and to nothing but what recording needs. What follows opens files. */
static int give_up_rights(const struct options *options, const struct hooks *hooks, char *ret_error, size_t error_size)
{
    struct identity identity = privilege_find_identity(options);
    bool keeps_bpf;
    int r;

    r = privilege_drop(&identity, hooks_any_program(hooks), &keeps_bpf);
    if (r)
        snprintf(ret_error, error_size, "root's rights cannot be given up for those of user %u: %s", identity.user,
                 strerror(-r));
    umask(077);
    return r;
}

/* Of a program with sanitizers nothing is confined: their own calls are many, and differ between their versions. */
#ifdef __SANITIZE_ADDRESS__
#define IS_CONFINED false
#else
#define IS_CONFINED true
#endif

static int confine_calls(char *ret_error, size_t error_size)
{
    int r = IS_CONFINED ? seccomp_confine() : 0;

    if (r)
        snprintf(ret_error, error_size, "the kernel does not take the filter of system calls: %s", strerror(-r));
    return r;
}

static int create_capture(const struct options *options, struct store **ret_store, char *ret_error, size_t error_size)
{
    int r = store_create(options, ret_store, ret_error, error_size);
    size_t length = strlen(ret_error);

    /* Who is root expects to write everywhere. */
    if (r == -EACCES && geteuid() == 0)
        snprintf(ret_error + length, error_size - length,
                 " (root's right to write to others' folders is given up by now; --user names the folder's owner)");
    return r;
}

/* Not all kernels can do this; where one can, it is done. */
static int confine_writing(char *ret_error, size_t error_size)
{
    int r = IS_CONFINED ? landlock_confine() : 0;

    if (!r || r == -ENOSYS || r == -EOPNOTSUPP)
        return 0;
    snprintf(ret_error, error_size, "writing cannot be confined to the capture's folder: %s", strerror(-r));
    return r;
}

/* Returns 0, EXIT_CUT_SHORT or a negative errno. */
static int run(const struct options *options, char *ret_error, size_t error_size)
{
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
    malloc_trim(0); /* loading took more than recording needs */
    if (!r)
        parts.snapshots = snapshots_open(hooks_walks(parts.hooks));
    if (!r && !parts.snapshots)
        r = -ENOMEM;
    if (!r)
        r = give_up_rights(options, parts.hooks, ret_error, error_size);
    if (!r && options->control)
        r = control_connect(options->control, geteuid(), &parts.control, ret_error, error_size);
    if (!r)
        r = confine_calls(ret_error, error_size);
    if (!r)
        r = create_capture(options, &parts.store, ret_error, error_size);
    if (!r)
        r = confine_writing(ret_error, error_size);
    if (r)
        goto out;
    r = session_run(&parts, &result, ret_error, error_size);
    snprintf(path, sizeof(path), "%s", store_path(parts.store));
    status_say_finishing(parts.control);
    if (store_finish(parts.store) && !r)
        r = -EIO;
    if (!r) {
        fprintf(stderr, "finished %s: %lld events, %lld calls, %lld lost\n", path, (long long)result.counts.events,
                (long long)(result.counts.calls + result.counts.coalesced), (long long)result.counts.lost);
        status_say_stopped(parts.control, &result, ret_error);
    }
out:
    if (r)
        status_say_error(parts.control, "recording-failed", ret_error);
    control_close(parts.control);
    snapshots_close(parts.snapshots);
    hooks_free(parts.hooks);
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
    if (provide_standard_files()) /* and nowhere to say it */
        return EXIT_UNUSABLE;
    r = run(&options, error, sizeof(error));
    if (r)
        fprintf(stderr, "modtrail-collector: %s\n", *error ? error : "out of memory");
    return r < 0 ? EXIT_UNUSABLE : r;
}
