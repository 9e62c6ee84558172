/* SPDX-License-Identifier: MIT */
/* The command line of the collector. */
#ifndef MODTRAIL_OPTIONS_H
#define MODTRAIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COLLECTOR_VERSION "0.1.0"

enum attach_choice {
    ATTACH_AUTO,
    ATTACH_TRACEPOINT,
    ATTACH_RAW,
};

struct options {
    const char *out;
    const char *control;  /* NULL: none */
    uint64_t duration_ns; /* 0: until stopped */
    enum attach_choice attach;
    uint32_t ring_bytes;
    bool has_user;
    uid_t user;
    gid_t group;
    bool verbose; /* what libbpf and the kernel's verifier say goes to stderr */
    bool show_help;
    bool show_version;
};

extern const char options_usage[];

/* Reads argv. Returns 0, or -EINVAL with one sentence in `ret_error`. */
int options_read(int argc, char **argv, struct options *ret_options, char *ret_error, size_t error_size);

#endif
