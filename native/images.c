/* SPDX-License-Identifier: MIT */
/*
 * Images: chunks become the bytes that the kernel read, stored once by their SHA-256 however often they are loaded.
 *
 * An image is written when its record has come and all the chunks that the record speaks of. Large ones are written
 * piece by piece, so that the recording goes on meanwhile, and one after the other, so that a table's keys only grow.
 */
#include "recorder-parts.h"

#include <errno.h>
#include <search.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define STORED_CHUNK (256u << 10)
#define WRITTEN_AT_ONCE (1u << 20)
#define SECOND 1000000000LL
#define WAIT_FOR_CHUNKS (2 * SECOND)
#define WAIT_FOR_RECORD (10 * SECOND)

struct image {
    struct image *next;
    uint64_t ns; /* with the thread it names the image */
    uint32_t tid;
    int64_t arrived; /* boot time of the first that was heard of it */
    uint64_t size;
    uint64_t received; /* from the first byte on, without holes */
    bool holed;        /* something else came than what should follow */
    bool unkept;       /* only hashed: no memory for the bytes */
    uint8_t *bytes;
    crypto_hash_sha256_state hash;
    bool has_record;
    struct image_record record;
    struct event_row row; /* of the event, as the call was when the record came */
    const char *skipped;  /* why the bytes are not kept; NULL: they are */
    /* While it is being written. */
    uint64_t written;
    int64_t first_chunk;
    int64_t chunks;
};

/* What was stored, in a tree (tsearch). */
struct stored {
    unsigned char sha256[crypto_hash_sha256_BYTES];
    int64_t id;
};

struct images {
    struct image *oldest;
    void *stored;
};

struct images *images_new(void)
{
    return calloc(1, sizeof(struct images));
}

static void free_image(struct image *image)
{
    free(image->bytes);
    free(image);
}

void images_forget_rows(struct images *images)
{
    struct image *image;

    tdestroy(images->stored, free);
    images->stored = NULL;
    for (image = images->oldest; image; image = image->next) {
        image->written = 0;
        image->row.process_id = value_null(); /* its call's row has it, if its call is still open */
    }
}

int64_t images_count_pending(const struct images *images)
{
    const struct image *image;
    int64_t count = 0;

    for (image = images->oldest; image; image = image->next)
        count += image->has_record;
    return count;
}

void images_free(struct images *images)
{
    if (!images)
        return;
    while (images->oldest) {
        struct image *image = images->oldest;

        images->oldest = image->next;
        free_image(image);
    }
    tdestroy(images->stored, free);
    free(images);
}

static int compare_stored(const void *left, const void *right)
{
    return memcmp(left, right, crypto_hash_sha256_BYTES);
}

static struct image *find_image(struct images *images, uint32_t tid, uint64_t ns)
{
    struct image *image = images->oldest;

    while (image && (image->tid != tid || image->ns != ns))
        image = image->next;
    return image;
}

/*
 * The image that is written in part, which goes before all others: its chunks follow one another, and an older image may
 * have become whole since it was begun. NULL where there is none.
 */
static struct image **find_begun(struct images *images)
{
    struct image **at = &images->oldest;

    while (*at && !(*at)->written)
        at = &(*at)->next;
    return *at ? at : NULL;
}

static struct image *add_image(struct recorder *recorder, uint32_t tid, uint64_t ns, uint64_t size)
{
    const struct options *options = recorder->setup->options;
    struct image **end = &recorder->images->oldest;
    struct image *image = calloc(1, sizeof(*image));

    if (!image)
        return NULL;
    image->tid = tid;
    image->ns = ns;
    image->size = size;
    image->arrived = clock_boot_ns();
    crypto_hash_sha256_init(&image->hash);
    if (options->image_policy != IMAGES_HASHED && size <= options->image_limit && size <= SIZE_MAX) {
        image->bytes = malloc(size ? (size_t)size : 1);
        image->unkept = !image->bytes;
    }
    while (*end)
        end = &(*end)->next;
    *end = image;
    return image;
}

int recorder_take_chunk(struct recorder *recorder, const void *bytes, size_t size)
{
    const struct chunk_record *chunk = bytes;
    const struct record_head *head;
    struct image *image;
    int64_t now = clock_boot_ns();

    if (decode_record(bytes, size, &head) || head->kind != RECORD_CHUNK)
        return recorder_put_loss(recorder, "collector", 1, now, now);
    image = find_image(recorder->images, head->tid, head->ns);
    if (!image)
        image = add_image(recorder, head->tid, head->ns, chunk->size);
    if (!image)
        return -ENOMEM;
    if (image->size != chunk->size || image->received != chunk->offset || image->holed) {
        image->holed = true;
        return 0;
    }
    crypto_hash_sha256_update(&image->hash, chunk->data, head->data_length);
    if (image->bytes)
        memcpy(image->bytes + image->received, chunk->data, head->data_length);
    image->received += head->data_length;
    return 0;
}

/* Whether `path` is `under` or lies below it. */
static bool lies_under(const char *path, const char *under)
{
    size_t length = strlen(under);

    if (!strcmp(under, "/"))
        return *path == '/';
    return !strncmp(path, under, length) && (path[length] == '/' || path[length] == '\0');
}

/* Why an image is not kept, NULL where it is. */
static const char *reason_to_skip(struct recorder *recorder, const struct image *image)
{
    const struct options *options = recorder->setup->options;
    const struct open_call *open = recorder_find_open(recorder, image->tid, image->record.head.call_ns);
    char path[DATA_SIZE];

    if (options->image_policy == IMAGES_HASHED)
        return "no-images";
    if (image->size > options->image_limit)
        return "limit";
    if (options->image_policy == IMAGES_UNDER) {
        const struct file_record *file = open ? &open->record->file : NULL;

        if (!file || !file->present || image->record.source || file->path.state != READ_WHOLE ||
            decode_path(decode_span(open->record->data, &file->path), true, path, sizeof(path)) < 0 ||
            !lies_under(path, options->images_under))
            return "not-under";
    }
    return image->unkept ? "no-memory" : NULL;
}

int images_take_record(struct recorder *recorder, const struct image_record *record)
{
    struct image *image = find_image(recorder->images, record->head.tid, record->head.ns);

    recorder->counts.images++;
    if (!image)
        image = add_image(recorder, record->head.tid, record->head.ns, (uint64_t)record->size);
    if (!image)
        return -ENOMEM;
    image->record = *record;
    image->has_record = true;
    image->skipped = reason_to_skip(recorder, image);
    return recorder_row_of(recorder, &record->head, "image_read", &image->row);
}

static bool is_ready(const struct image *image, int64_t now, bool last)
{
    if (!image->has_record)
        return false;
    return last || image->holed || image->received >= image->record.sent || now - image->arrived >= WAIT_FOR_CHUNKS;
}

static bool is_whole(const struct image *image)
{
    return !image->holed && !image->record.is_unpacked && image->received == image->size;
}

/* Writes some of the bytes. Returns 1 when all are written, 0 when not yet, or the store's failure. */
static int write_bytes(struct recorder *recorder, struct image *image)
{
    uint64_t end = image->written + WRITTEN_AT_ONCE;
    int r = 0;

    if (!image->written)
        image->chunks = 0;
    while (!r && image->written < image->received && image->written < end) {
        uint64_t left = image->received - image->written;
        size_t length = left < STORED_CHUNK ? (size_t)left : STORED_CHUNK;
        int64_t id = store_next_id(recorder->store, TABLE_IMAGE_CHUNK);

        if (!image->chunks++)
            image->first_chunk = id;
        r = store_insert(recorder->store, TABLE_IMAGE_CHUNK,
                         (struct value[]){
                             value_integer(id),
                             /* The image's own row comes when all its bytes are there. */
                             value_integer(store_last_id(recorder->store, TABLE_IMAGE) + 1),
                             value_integer((int64_t)image->written),
                             value_blob(image->bytes + image->written, length),
                         },
                         4);
        image->written += length;
    }
    return r ? r : image->written >= image->received;
}

static int put_image(struct recorder *recorder, const struct image *image, const unsigned char *sha256, int64_t *ret_id)
{
    *ret_id = store_next_id(recorder->store, TABLE_IMAGE);
    return store_insert(recorder->store, TABLE_IMAGE,
                        (struct value[]){
                            value_integer(*ret_id),
                            sha256 ? value_blob(sha256, crypto_hash_sha256_BYTES) : value_null(),
                            value_integer((int64_t)image->size),
                            value_integer((int64_t)image->received),
                            value_integer(image->chunks ? image->first_chunk : 0),
                            value_integer(image->chunks),
                        },
                        6);
}

static int put_fact(struct recorder *recorder, const struct image *image, const char *state, const char *reason,
                    const unsigned char *sha256, int64_t image_id)
{
    int64_t seq;
    int r;

    r = recorder_put_event(recorder, &image->row, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_IMAGE_FACT,
                        (struct value[]){
                            value_integer(seq),
                            value_text(image->record.source ? "load_data" : "read_file"),
                            value_integer(image->record.reading_id),
                            value_integer(image->record.size),
                            value_integer((int64_t)image->received),
                            value_text(state),
                            value_text(reason),
                            sha256 ? value_blob(sha256, crypto_hash_sha256_BYTES) : value_null(),
                            recorder_id(image_id),
                        },
                        9);
}

static int remember(struct images *images, const unsigned char *sha256, int64_t id)
{
    struct stored *stored = malloc(sizeof(*stored));

    if (!stored)
        return -ENOMEM;
    memcpy(stored->sha256, sha256, sizeof(stored->sha256));
    stored->id = id;
    if (tsearch(stored, &images->stored, compare_stored))
        return 0;
    free(stored);
    return -ENOMEM;
}

/* Whether the bytes are to be written now. Where there is no room for them they are skipped. */
static bool find_room(struct recorder *recorder, struct image *image, bool last)
{
    enum store_room room = image->written ? ROOM_HERE : store_fits(recorder->store, (int64_t)image->received);

    if (room == ROOM_NOWHERE || (room == ROOM_IN_NEXT_FILE && last))
        image->skipped = "no-room";
    return room != ROOM_IN_NEXT_FILE || last;
}

/* Writes an image or a part of it. Returns 1 when it is done, 0 when not yet, or the store's failure. */
static int write_image(struct recorder *recorder, struct image *image, bool last)
{
    bool whole = is_whole(image);
    unsigned char sha256[crypto_hash_sha256_BYTES];
    const unsigned char *named = whole ? sha256 : NULL;
    crypto_hash_sha256_state hash = image->hash;
    struct stored *const *known = NULL;
    int64_t id = 0;
    int r;

    crypto_hash_sha256_final(&hash, sha256);
    if (image->record.is_unpacked) {
        r = put_fact(recorder, image, "not-copied", "decompressed", NULL, 0);
        return r ? r : 1;
    }
    if (whole)
        known = tfind(sha256, &recorder->images->stored, compare_stored);
    if (known)
        id = (*known)->id;
    if (!id && !image->skipped && (whole || image->received) && !find_room(recorder, image, last))
        return 0;
    if (!id && !image->skipped && (whole || image->received)) {
        r = write_bytes(recorder, image);
        if (r != 1)
            return r;
        r = put_image(recorder, image, named, &id);
        if (!r && whole)
            r = remember(recorder->images, sha256, id);
        if (r)
            return r;
    }
    r = put_fact(recorder, image,
                 !whole ? "incomplete"
                 : id   ? "kept"
                        : "skipped",
                 !whole ? "ring-full"
                 : id   ? NULL
                        : image->skipped,
                 named, id);
    return r ? r : 1;
}

/* Bytes of which no record ever came: it was lost, and counted. */
static bool is_orphan(const struct image *image, int64_t now, bool last)
{
    return !image->has_record && (last || now - image->arrived >= WAIT_FOR_RECORD);
}

/* Writes some of an image, or with `last` all of it, and takes it off the list when it is done. As write_image. */
static int write_on(struct recorder *recorder, struct image **at, bool last)
{
    struct image *image = *at;
    int r;

    do
        r = image->has_record ? write_image(recorder, image, last) : 1;
    while (!r && last);
    if (r > 0) {
        *at = image->next;
        free_image(image);
    }
    return r;
}

int recorder_finish_image(struct recorder *recorder)
{
    struct image **at = find_begun(recorder->images);
    int r = at ? write_on(recorder, at, true) : 0;

    return r < 0 ? r : 0;
}

int recorder_write_images(struct recorder *recorder, bool last)
{
    struct image **at = find_begun(recorder->images);
    int64_t now = clock_boot_ns();
    int r = at ? write_on(recorder, at, last) : 1;

    at = &recorder->images->oldest;
    while (r > 0 && *at) {
        if (is_ready(*at, now, last) || is_orphan(*at, now, last))
            r = write_on(recorder, at, last);
        else
            at = &(*at)->next;
    }
    return r < 0 ? r : 0;
}

bool recorder_has_large_image(const struct recorder *recorder)
{
    const struct image *image;

    for (image = recorder->images->oldest; image; image = image->next) {
        if (image->has_record && image->size > WRITTEN_AT_ONCE)
            return true;
    }
    return false;
}

bool recorder_has_images(const struct recorder *recorder)
{
    return recorder->images->oldest;
}
