/* SPDX-License-Identifier: MIT */
/*
 * modtrail-collector: records every attempt to load or remove a kernel module into a capture, or into a stream, of which
 * the same program makes a capture elsewhere.
 *
 * Root attaches to the kernel; then the program becomes the user who asked, and only then does it create a file.
 */
#include "control.h"
#include "hooks.h"
#include "host.h"
#include "landlock.h"
#include "line.h"
#include "mapped.h"
#include "options.h"
#include "part.h"
#include "privilege.h"
#include "receive.h"
#include "say.h"
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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
    mapped_guard();
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

/* From root to the user, and to nothing but what recording needs; `program` is a held one, or -1. What follows opens files. */
static int give_up_rights(const struct options *options, int program, char *ret_error, size_t error_size)
{
    struct identity identity = privilege_find_identity(options);
    bool keeps_bpf;
    int r;

    r = privilege_drop(&identity, program, &keeps_bpf);
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

static int confine_calls(bool takes_peers, char *ret_error, size_t error_size)
{
    int r = IS_CONFINED ? seccomp_confine(takes_peers) : 0;

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
static int confine_writing(bool to_folder, char *ret_error, size_t error_size)
{
    int r = IS_CONFINED ? landlock_confine(to_folder) : 0;

    if (!r || r == -ENOSYS || r == -EOPNOTSUPP)
        return 0;
    snprintf(ret_error, error_size, "writing cannot be confined to the capture's folder: %s", strerror(-r));
    return r;
}

/* The stream goes to standard output; whoever reads it may ask on standard input. */
static int prepare_output(struct control **ret_requests, char *ret_error, size_t error_size)
{
    int r;

    if (line_is_screen(STDOUT_FILENO)) {
        snprintf(ret_error, error_size,
                 "a stream is not for the screen: lead it into a file or another program, such as modtrail attach");
        return -EINVAL;
    }
    r = line_make_raw(STDOUT_FILENO, ret_error, error_size);
    return r ? r : control_listen(STDIN_FILENO, ret_requests);
}

/*
 * How the file was left, on stderr, as its readers will tell it: one without the recorder's last row is not finished. Of
 * a file that is gone nothing is said.
 */
static void say_left(const char *path, const struct session_result *result, bool has_end)
{
    const struct recorder_counts *counts = &result->counts;

    if (!result->in_order && !strcmp(result->reason, "file-gone"))
        return;
    say("%s %s: %lld events, %lld calls, %lld lost%s", has_end ? "finished" : "unfinished", path,
        (long long)counts->events, (long long)(counts->calls + counts->coalesced), (long long)counts->lost,
        has_end ? "" : ", up to its last commit");
}

/* Makes a capture of a stream. Needs no right; root's are given up. Returns 0, EXIT_CUT_SHORT or a negative errno. */
static int receive(const struct options *options, char *ret_error, size_t error_size)
{
    struct receive_parts parts = {.from = -1, .signals = -1};
    struct receive_result result = {0};
    struct session_result left;
    struct place place = {.folder = -1};
    char path[PATH_MAX + PLACE_NAME];
    int r;

    parts.signals = block_stop_signals();
    if (parts.signals < 0)
        return parts.signals;
    r = geteuid() ? privilege_renounce() : give_up_rights(options, -1, ret_error, error_size);
    umask(077);
    if (!r) {
        parts.from = receive_open(options->from, ret_error, error_size);
        r = parts.from < 0 ? parts.from : 0;
    }
    if (!r && options->control)
        r = control_connect(options->control, geteuid(), &parts.control, ret_error, error_size);
    if (!r)
        r = confine_calls(false, ret_error, error_size);
    if (!r)
        r = place_open(options->out, &place, ret_error, error_size);
    if (!r)
        r = part_create(&place, &parts.part, ret_error, error_size);
    if (!r)
        r = confine_writing(true, ret_error, error_size);
    if (r) {
        if (parts.part)
            part_remove(parts.part);
        goto out;
    }
    r = receive_run(&parts, &result, ret_error, error_size);
    if (result.began) {
        snprintf(path, sizeof(path), "%s/%s", place.path, place.name);
        left = (struct session_result){result.reason, result.in_order, result.counts};
        say_left(path, &left, result.has_end);
        status_say_stopped(parts.control, &left, ret_error);
    } else if (!r) {
        r = -ENODATA;
    }
out:
    if (r && !result.began)
        status_say_error(parts.control, "recording-failed", ret_error);
    control_close(parts.control);
    place_close(&place);
    close(parts.signals);
    return r && !result.began ? r : result.in_order ? 0 : EXIT_CUT_SHORT;
}

static int attach(const struct options *options, const struct host *host, struct hooks **ret_hooks, char *ret_error,
                  size_t error_size)
{
    int r = hooks_attach(options, ret_hooks, ret_error, error_size);
    size_t length = strlen(ret_error);

    /* The verifier only says that it knows no such helper. */
    if (r && !strcmp(host->lockdown, "confidentiality"))
        snprintf(ret_error + length, error_size - length,
                 " (lockdown is in confidentiality mode, in which no BPF program may read the kernel's memory)");
    return r;
}

/*
 * The end of who started it is no reason to end: pkexec has its children told of it by a signal, and so has a terminal
 * that this is not the program of. Nor does it keep anything of theirs open: others wait for the end of it.
 */
static void stand_alone(void)
{
    int file;

    if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0)) {
        for (file = STDERR_FILENO + 1; file < sysconf(_SC_OPEN_MAX); file++)
            close(file);
    }
    prctl(PR_SET_PDEATHSIG, 0);
    if (!isatty(STDIN_FILENO))
        setsid();
}

/* Returns 0, EXIT_CUT_SHORT or a negative errno. */
static int run(const struct options *options, char *ret_error, size_t error_size)
{
    struct session_parts parts = {.options = options, .signals = -1};
    struct session_result result = {0};
    struct host host;
    char path[8192];
    int r;

    if (options->keep)
        stand_alone();
    host_read(&host);
    parts.host = &host;
    parts.signals = block_stop_signals();
    if (parts.signals < 0)
        return parts.signals;
    setpriority(PRIO_PROCESS, 0, -10); /* a recorder that waits for its turn loses records */
    parts.started = clock_take_sample();
    r = attach(options, &host, &parts.hooks, ret_error, error_size);
    malloc_trim(0); /* loading took more than recording needs */
    if (!r)
        parts.snapshots = snapshots_open(hooks_walks(parts.hooks));
    if (!r && !parts.snapshots)
        r = -ENOMEM;
    if (!r)
        r = give_up_rights(options, hooks_any_program(parts.hooks), ret_error, error_size);
    if (!r && options->control)
        r = control_connect(options->control, geteuid(), &parts.control, ret_error, error_size);
    if (!r && options->keep)
        r = control_open_door(parts.control, options->keep, ret_error, error_size);
    if (!r && options->to_stdout)
        r = prepare_output(&parts.control, ret_error, error_size);
    if (!r)
        r = confine_calls(options->keep, ret_error, error_size);
    if (!r)
        r = create_capture(options, &parts.store, ret_error, error_size);
    if (!r)
        r = confine_writing(!options->to_stdout, ret_error, error_size);
    if (r) {
        if (parts.store)
            store_abandon(parts.store);
        goto out;
    }
    r = session_run(&parts, &result, ret_error, error_size);
    snprintf(path, sizeof(path), "%s", store_path(parts.store));
    status_say_finishing(parts.control);
    if (store_finish(parts.store, !r) && !r)
        r = -EIO;
    if (!r) {
        say_left(path, &result, true);
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

/* Who asked for the text has it, or hears that it could not be written. */
static int answer(const char *text)
{
    if (fputs(text, stdout) >= 0 && !fflush(stdout))
        return EXIT_SUCCESS;
    say("modtrail-collector: the output cannot be written: %s", strerror(errno));
    return EXIT_UNUSABLE;
}

int main(int argc, char **argv)
{
    struct options options;
    char error[2 * PLACE_TEXT] = ""; /* what is wrong, and in which file */
    int r;

    if (options_read(argc, argv, &options, error, sizeof(error))) {
        say("modtrail-collector: %s", error);
        return EXIT_UNUSABLE;
    }
    if (options.show_help)
        return answer(options_usage);
    if (options.show_version)
        return answer("modtrail-collector " COLLECTOR_VERSION "\n");
    if (geteuid() != 0 && !options.from) {
        say("modtrail-collector: observing the kernel needs root: run it through sudo or pkexec");
        return EXIT_UNUSABLE;
    }
    if (provide_standard_files()) /* and nowhere to say it */
        return EXIT_UNUSABLE;
    if (geteuid() == 0 && privilege_check_user(&options, error, sizeof(error))) {
        say("modtrail-collector: %s", error);
        return EXIT_UNUSABLE;
    }
    r = options.from ? receive(&options, error, sizeof(error)) : run(&options, error, sizeof(error));
    if (r)
        say("modtrail-collector: %s", *error ? error : "out of memory");
    return r < 0 ? EXIT_UNUSABLE : r;
}
