/* SPDX-License-Identifier: MIT */
/* The collector's command line: the input is its words, one a line. Whatever is accepted must make sense. */
#include "../native/options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 64

static bool is_ring(uint32_t bytes)
{
    return bytes >= 65536 && bytes <= 1u << 30 && !(bytes & (bytes - 1));
}

static void check(const struct options *options)
{
    if (options->show_help || options->show_version)
        return;
    if (options->to_stdout ? options->out || options->from || options->control || options->max_bytes
                           : !options->out || !*options->out)
        abort();
    if (!is_ring(options->ring_bytes) || (options->from && !*options->from))
        abort();
    if (options->image_ring_bytes && !is_ring(options->image_ring_bytes))
        abort();
    if (options->has_user && (options->user == (uid_t)-1 || options->group == (gid_t)-1))
        abort();
    if (options->image_policy == IMAGES_UNDER && (!options->images_under || *options->images_under != '/'))
        abort();
    if (options->rotate && !options->max_bytes)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *words[MOST_WORDS + 1] = {"modtrail-collector"};
    char *text = malloc(size + 1), *at;
    char error[512] = "";
    struct options options;
    int count = 1;

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    for (at = text; at && count < MOST_WORDS; count++) {
        words[count] = at;
        at = strchr(at, '\n');
        if (at)
            *at++ = '\0';
    }
    optind = 0; /* glibc: begin anew */
    if (!options_read(count, words, &options, error, sizeof(error)))
        check(&options);
    else if (!*error || strlen(error) >= sizeof(error))
        abort();
    free(text);
    return 0;
}
