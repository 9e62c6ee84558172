/* SPDX-License-Identifier: MIT */
/*
 * What comes out of the rings, from the decoder to the rows of a capture. The input is a sequence of records, each after
 * a byte of flags (enum below) and its length in two bytes. No record, however wrong, may make the recording fail: what
 * does not fit is counted as lost.
 */
#include "../native/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FIX_LENGTH = 1,    /* the record's own length is made to fit, so that its content is looked at */
    WRITE_PENDING = 2, /* afterwards calls that are open are written */
    WRITE_LOSS = 4,    /* afterwards the kernel's counters have grown */
    FORGET = 8,        /* afterwards the rows so far are lost with their transaction */
    COUNTED = 16,      /* a run's record is what the memory shared with the kernel says, instead */
    WATCH_RUNS = 32,   /* afterwards calls that are only counted are looked at */
    WRITE_IMAGES = 64, /* afterwards images are written as far as their bytes have come */
};

static char folder[64], path[128];
static const struct options options = {.out = path, .image_limit = 1u << 20};
static struct thread_calls threads[THREAD_SLOTS];
static const struct recorder_setup setup = {.options = &options, .threads = threads};
static struct store *store;

static void remove_file(void)
{
    if (store)
        store_finish(store, true);
    store = NULL;
    unlink(path);
}

static void leave(void)
{
    remove_file();
    rmdir(folder);
}

static void begin_file(void)
{
    char error[512] = "";

    remove_file();
    if (store_create(&options, &store, error, sizeof(error))) {
        fprintf(stderr, "fuzz: %s\n", error);
        exit(2);
    }
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
    (void)count;
    (void)words;
    snprintf(folder, sizeof(folder), "%s/modtrail-fuzz-XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    if (!mkdtemp(folder)) {
        perror("fuzz: a folder");
        exit(2);
    }
    snprintf(path, sizeof(path), "%s/fuzz.modtrail", folder);
    atexit(leave);
    return 0;
}

/* Bytes of a kind's head, 0 where the kind is not known. */
static size_t head_of(uint32_t kind)
{
    switch (kind) {
    case RECORD_ENTRY:
        return sizeof(struct entry_record);
    case RECORD_RETURN:
        return sizeof(struct return_record);
    case RECORD_MODULE_LOAD:
    case RECORD_MODULE_FREE:
        return sizeof(struct module_record);
    case RECORD_REQUEST:
        return sizeof(struct request_record);
    case RECORD_IMAGE:
        return sizeof(struct image_record);
    case RECORD_PARAMETERS:
        return sizeof(struct parameters_record);
    case RECORD_RUN:
        return sizeof(struct run_record);
    case RECORD_LIKE:
        return sizeof(struct like_record);
    case RECORD_CHUNK:
        return sizeof(struct chunk_record);
    default:
        return 0;
    }
}

static void fix_length(uint8_t *record, size_t size)
{
    struct record_head head;
    size_t head_size;

    if (size < sizeof(head))
        return;
    memcpy(&head, record, sizeof(head));
    head_size = head_of(head.kind);
    if (!head_size || size < head_size)
        return;
    head.data_length = (uint32_t)(size - head_size);
    memcpy(record, &head, sizeof(head));
}

static void must(int result)
{
    if (!result)
        return;
    fprintf(stderr, "fuzz: %d: %s\n", result, store_error(store));
    abort();
}

static uint32_t kind_of(const uint8_t *record, size_t size)
{
    uint32_t kind = 0;

    memcpy(&kind, record, size < sizeof(kind) ? size : sizeof(kind));
    return kind;
}

/* As the kernel side leaves it in the memory that both share. */
static void count(const uint8_t *record, size_t size)
{
    struct run_record run;
    struct thread_calls *thread;

    if (size != sizeof(run))
        return;
    memcpy(&run, record, sizeof(run));
    if (run.run >= THREAD_SLOTS * RUNS_PER_THREAD)
        return;
    thread = &threads[run.run / RUNS_PER_THREAD];
    thread->tid = run.head.tid;
    thread->withheld_ns = run.head.ns;
    thread->withheld_run = run.run % RUNS_PER_THREAD;
    thread->run[run.run % RUNS_PER_THREAD] =
        (struct run){.like_ns = run.head.call_ns, .count = run.count, .first_ns = run.first_ns, .last_ns = run.last_ns};
}

static void give(struct recorder *recorder, uint8_t flags, const uint8_t *record, size_t size)
{
    switch (kind_of(record, size)) {
    case RECORD_CHUNK:
        must(recorder_take_chunk(recorder, record, size));
        return;
    case RECORD_RUN:
        if (flags & COUNTED) {
            count(record, size);
            return;
        }
    }
    must(recorder_take(recorder, record, size));
}

static void take(struct recorder *recorder, uint8_t flags, const uint8_t *bytes, size_t size,
                 struct loss_counter *losses)
{
    uint8_t *record = malloc(size ? size : 1); /* as long as it says, so that no byte beyond it is read unnoticed */

    if (!record)
        abort();
    memcpy(record, bytes, size);
    if (flags & FIX_LENGTH)
        fix_length(record, size);
    give(recorder, flags, record, size);
    free(record);
    if (flags & WRITE_PENDING)
        must(recorder_write_pending(recorder, INT64_MAX));
    if (flags & WRITE_LOSS) {
        losses[size % LOSS_CAUSES].count += 1 + size;
        must(recorder_take_losses(recorder, losses));
    }
    if (flags & WATCH_RUNS)
        must(recorder_watch_runs(recorder));
    if (flags & WRITE_IMAGES)
        must(recorder_write_images(recorder, false));
    if (flags & FORGET) {
        store_recover(store);
        must(recorder_begin_part(recorder));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct loss_counter losses[LOSS_CAUSES] = {0};
    struct recorder *recorder;
    size_t at = 0;

    if (!store)
        begin_file();
    recorder = recorder_new(store, &setup);
    if (!recorder)
        abort();
    while (at + 3 <= size) {
        uint8_t flags = data[at];
        size_t length = data[at + 1] | (size_t)data[at + 2] << 8;

        at += 3;
        if (length > size - at)
            length = size - at;
        take(recorder, flags, data + at, length, losses);
        at += length;
    }
    must(recorder_end_runs(recorder));
    must(recorder_write_images(recorder, true));
    recorder_free(recorder);
    memset(threads, 0, sizeof(threads));
    store_recover(store); /* the next input finds the same empty file */
    return 0;
}
