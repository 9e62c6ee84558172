// SPDX-License-Identifier: MIT
//
// Two large images whose bytes arrive side by side, as two loads at once leave them: the second one is whole and being
// written when the rest of the first one comes. Linked with the recorder's own sources; the capture is held against
// what was sent by test/native/images.test.ts.
//
//   images CAPTURE
#include "../../native/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE CHUNK_SIZE
#define PIECES 24u // 3 MiB: several rounds of writing

static struct thread_calls threads[THREAD_SLOTS];

static void must(int result, const char *what)
{
    if (!result)
        return;
    fprintf(stderr, "%s: %d\n", what, result);
    exit(1);
}

static void send_pieces(struct recorder *recorder, uint32_t tid, uint32_t from, uint32_t to)
{
    struct chunk_record *chunk = malloc(sizeof(*chunk) + PIECE);

    for (; from < to; from++) {
        *chunk = (struct chunk_record){
            .head = {.kind = RECORD_CHUNK, .pid = tid, .tid = tid, .data_length = PIECE, .ns = tid},
            .size = (u64)PIECES * PIECE,
            .offset = (u64)from * PIECE,
        };
        memset(chunk->data, (int)(tid + from), PIECE);
        must(recorder_take_chunk(recorder, chunk, sizeof(*chunk) + PIECE), "a chunk");
    }
    free(chunk);
}

static void announce(struct recorder *recorder, uint32_t tid)
{
    struct image_record record = {
        .head = {.kind = RECORD_IMAGE, .pid = tid, .tid = tid, .ns = tid},
        .size = (s64)PIECES * PIECE,
        .sent = (u64)PIECES * PIECE,
    };

    must(recorder_take(recorder, &record, sizeof(record)), "an image's record");
}

int main(int argc, char **argv)
{
    const struct options options = {.out = argc == 2 ? argv[1] : "", .image_limit = 1u << 30};
    const struct recorder_setup setup = {.options = &options, .threads = threads};
    struct recorder *recorder;
    struct store *store;
    char error[512] = "";

    if (store_create(&options, &store, error, sizeof(error))) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    recorder = recorder_new(store, &setup);
    send_pieces(recorder, 1, 0, 4);
    send_pieces(recorder, 2, 0, PIECES);
    announce(recorder, 2);
    must(recorder_write_images(recorder, false), "the beginning of the second image");
    send_pieces(recorder, 1, 4, PIECES);
    announce(recorder, 1);
    while (recorder_has_images(recorder))
        must(recorder_write_images(recorder, false), "the rest");
    must(store_commit(store), "the commit");
    recorder_free(recorder);
    must(store_finish(store, true), "the end");
    return 0;
}
