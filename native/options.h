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
    ATTACH_FENTRY,
    ATTACH_RAW,
};

/* Which images' bytes are kept; the hashes of the others are. */
enum image_policy {
    IMAGES_KEPT,
    IMAGES_HASHED,
    IMAGES_UNDER,
};

struct options {
    const char *out;      /* NULL with to_stdout */
    bool to_stdout;       /* stream the capture */
    const char *from;     /* a stream is the source, not the kernel: a path, or "-"; NULL: the kernel */
    const char *control;  /* NULL: none */
    const char *keep;     /* without a peer go on, and listen here for another one; NULL: end with the peer */
    uint64_t duration_ns; /* 0: until stopped */
    enum attach_choice attach;
    uint32_t ring_bytes;
    uint32_t image_ring_bytes;
    enum image_policy image_policy;
    bool no_images;            /* was asked for in so many words */
    const char *images_under;  /* with IMAGES_UNDER: an absolute path, without a slash at its end unless it is / */
    uint64_t image_limit;      /* longer images are hashed, not kept */
    uint64_t scan_interval_ns; /* 0: modules are looked at only at start, stop and on request */
    uint64_t max_bytes;        /* size of a file at which the recording stops or goes on in the next; 0: none */
    bool rotate;               /* at max_bytes: go on in the next file */
    const char *sign_key;      /* file with an Ed25519 private key (PKCS#8 PEM); NULL: none */
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
