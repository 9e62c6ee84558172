/* SPDX-License-Identifier: MIT */
#include "preface.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* A random (version 4) UUID. */
static int make_uuid(char *ret_text, size_t size)
{
    unsigned char byte[16];

    if (getrandom(byte, sizeof(byte), 0) != (ssize_t)sizeof(byte))
        return -EIO;
    byte[6] = (byte[6] & 0x0f) | 0x40;
    byte[8] = (byte[8] & 0x3f) | 0x80;
    snprintf(ret_text, size, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", byte[0], byte[1],
             byte[2], byte[3], byte[4], byte[5], byte[6], byte[7], byte[8], byte[9], byte[10], byte[11], byte[12],
             byte[13], byte[14], byte[15]);
    return 0;
}

static int put_capture(struct preface *preface, const struct session_parts *parts, const struct clock_sample *started)
{
    static const char *const policies[] = {"kept", "hashed", "under"};
    const struct host *host = parts->host;
    int r;

    memcpy(preface->previous_uuid, preface->uuid, sizeof(preface->uuid));
    r = make_uuid(preface->uuid, sizeof(preface->uuid));
    if (r)
        return r;
    return store_insert(
        parts->store, TABLE_CAPTURE,
        (struct value[]){
            value_integer(1),
            value_text(preface->uuid),
            value_text(COLLECTOR_VERSION),
            value_integer(started->boot_ns),
            value_integer(started->wall_ns),
            value_any_text(host->name),
            value_any_text(host->release),
            value_any_text(host->version),
            value_any_text(host->architecture),
            value_any_text(host->boot_id),
            value_any_text(host->command_line),
            host->has_taint ? value_integer(host->taint) : value_null(),
            value_any_text(host->lockdown),
            host->has_modules_disabled ? value_integer(host->modules_disabled) : value_null(),
            host->has_signature_enforced ? value_integer(host->signature_enforced) : value_null(),
            value_integer(parts->options->ring_bytes),
            value_integer(parts->options->image_ring_bytes),
            value_text(policies[parts->options->image_policy]),
            parts->options->images_under ? value_any_text(parts->options->images_under) : value_null(),
            value_integer((int64_t)parts->options->image_limit),
            parts->options->scan_interval_ns ? value_integer((int64_t)parts->options->scan_interval_ns) : value_null(),
            value_integer(store_part(parts->store)),
            value_text(*preface->previous_uuid ? preface->previous_uuid : NULL),
            store_previous_digest(parts->store),
            store_signing_key(parts->store),
            value_integer(TEXT_LIMIT),
            value_integer(PATH_LIMIT),
            value_integer(ARGV_LIMIT),
            value_integer(ANCESTOR_LIMIT),
        },
        29);
}

static int put_hooks(const struct session_parts *parts)
{
    size_t i;
    int r = 0;

    for (i = 0; !r && i < hooks_count(parts->hooks); i++) {
        struct hook_outcome outcome = hooks_outcome(parts->hooks, i);

        r = store_insert(parts->store, TABLE_HOOK,
                         (struct value[]){value_integer((int64_t)i + 1), value_text(outcome.purpose),
                                          value_text(outcome.mechanism), value_text(outcome.target),
                                          value_text(outcome.state), value_text(outcome.reason)},
                         6);
    }
    return r;
}

int preface_put(struct preface *preface, const struct session_parts *parts, const struct clock_sample *started)
{
    int r = put_capture(preface, parts, started);

    return r ? r : put_hooks(parts);
}
