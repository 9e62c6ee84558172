/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "part.h"
#include "seal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KIB 1024LL
#define MERGE_AFTER (4096 * KIB) /* bytes of the log */
#define LOOK_AFTER (256 * KIB)   /* bytes added between two looks at the room that is left */
#define END_ROOM (512 * KIB)     /* for a file's last rows, beside as much again as its beginning took */
#define DISK_ROOM (4096 * KIB)   /* held on the disk beyond what is in use */
#define OLD_PARTS 8              /* files that readers keep from being finished */
#define NAME_TRIES 1000

/* Columns of `event` that tell what is lost with it. */
#define EVENT_NS 1
#define EVENT_REPEAT 14

struct store {
    struct part *part;
    struct part *next;           /* made ready by store_prepare_turn */
    struct part *old[OLD_PARTS]; /* turned from, not yet finished */
    struct seal *seal;
    int number; /* of the part, from 1 */
    int next_number;
    uint8_t previous_digest[SEAL_DIGEST];
    int64_t next_id[TABLE_COUNT];
    int64_t kept_id[TABLE_COUNT]; /* next_id as it was at the last commit */

    int64_t open_since;
    int64_t committed_at;
    struct store_lost open_events; /* of the open transaction */
    int failure;
    bool ending; /* room that was held is there to be used */

    int64_t limit; /* bytes of a file, 0: none */
    const char *limit_word;
    bool rotates;
    bool turn_early; /* something larger than what is left waits */
    int64_t begun;   /* bytes of the file when its beginning was written */
    int64_t bytes;   /* of the file, at the last look */
    int64_t added;   /* bytes added since then, about */

    const char *trouble;
    char error[PLACE_TEXT];
    char path[PATH_MAX + PLACE_NAME];
};

/* --- trouble ---------------------------------------------------------------------------------------------------- */

/* The first trouble is the one that is told. */
static void note_trouble(struct store *store, const char *word, const char *text)
{
    if (store->trouble)
        return;
    store->trouble = word;
    snprintf(store->error, sizeof(store->error), "%s", text);
}

void store_watch(struct store *store)
{
    char detail[PLACE_TEXT];
    const char *word = part_look(store->part, detail, sizeof(detail));

    if (word)
        note_trouble(store, word, detail);
}

static int fail(struct store *store, int error, const char *text)
{
    if (error == -EIO || error == -EROFS)
        store_watch(store); /* what became of the disk says more than that it failed */
    note_trouble(store, part_reason(error), text);
    if (!store->failure)
        store->failure = error;
    return store->failure;
}

const char *store_trouble(const struct store *store)
{
    return store->trouble;
}

const char *store_error(const struct store *store)
{
    return store->error;
}

struct store_lost store_recover(struct store *store)
{
    struct store_lost lost = store->open_events;

    part_roll_back(store->part);
    part_use_ballast(store->part);
    part_merge(store->part); /* the log begins anew, in the room that it has */
    seal_forget(store->seal);
    memcpy(store->next_id, store->kept_id, sizeof(store->next_id));
    store->open_events = (struct store_lost){0};
    store->open_since = 0;
    store->failure = 0;
    store->ending = true;
    return lost;
}

/* --- beginning -------------------------------------------------------------------------------------------------- */

static void begin_part(struct store *store, struct part *part)
{
    const struct place *place = part_place(part);
    size_t i;

    store->part = part;
    if (place->folder < 0) /* a stream */
        snprintf(store->path, sizeof(store->path), "%s", place->name);
    else
        snprintf(store->path, sizeof(store->path), "%s/%s", place->path, place->name);
    for (i = 0; i < TABLE_COUNT; i++)
        store->next_id[i] = store->kept_id[i] = 1;
    store->bytes = part_bytes(part);
    store->begun = store->added = 0;
    store->turn_early = false;
}

/* The limit that was asked for, or the system's where that is smaller. */
static void read_limit(struct store *store, const struct options *options)
{
    struct rlimit system;

    store->limit = (int64_t)options->max_bytes;
    store->rotates = options->rotate;
    store->limit_word = "size-limit";
    /* The C library would ask by prlimit, which can also set limits and is refused by now. */
    if (syscall(SYS_getrlimit, RLIMIT_FSIZE, &system) || system.rlim_cur == RLIM_INFINITY)
        return;
    if (store->limit && (int64_t)system.rlim_cur >= store->limit)
        return;
    store->limit = (int64_t)system.rlim_cur;
    store->limit_word = "file-limit";
}

int store_create(const struct options *options, struct store **ret_store, char *ret_error, size_t error_size)
{
    struct store *store = calloc(1, sizeof(*store));
    struct place place = {.folder = -1};
    struct part *part;
    int r;

    if (!store) {
        snprintf(ret_error, error_size, "no memory for the capture");
        return -ENOMEM;
    }
    read_limit(store, options);
    r = seal_new(options->sign_key, &store->seal, ret_error, error_size);
    if (!r && options->to_stdout)
        r = part_create_stream(STDOUT_FILENO, &part, ret_error, error_size);
    else if (!r)
        r = place_open(options->out, &place, ret_error, error_size);
    if (!r && !options->to_stdout)
        r = part_create(&place, &part, ret_error, error_size);
    if (r) {
        place_close(&place);
        seal_free(store->seal);
        free(store);
        return r;
    }
    store->number = store->next_number = 1;
    begin_part(store, part);
    *ret_store = store;
    return 0;
}

void store_abandon(struct store *store)
{
    int folder = part_place(store->part)->folder;

    part_remove(store->part);
    place_close(&(struct place){.folder = folder});
    seal_free(store->seal);
    free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

int store_part(const struct store *store)
{
    return store->number;
}

struct value store_previous_digest(const struct store *store)
{
    return store->number > 1 ? value_blob(store->previous_digest, sizeof(store->previous_digest)) : value_null();
}

struct value store_signing_key(const struct store *store)
{
    const uint8_t *key = seal_public_key(store->seal);

    return key ? value_blob(key, SEAL_PUBLIC_KEY) : value_null();
}

/* --- size ------------------------------------------------------------------------------------------------------- */

static void look_at_size(struct store *store)
{
    int64_t bytes = part_bytes(store->part);

    if (bytes >= 0)
        store->bytes = bytes;
    store->added = 0;
}

static int64_t end_room(const struct store *store)
{
    return END_ROOM + store->begun;
}

/* Holds room on the disk for what there is, `more` bytes, and the end. A disk that does not have it is trouble. */
static int hold(struct store *store, int64_t more)
{
    int64_t added = store->added + more;
    char text[sizeof(store->error)];
    int r;

    if (store->ending || store->trouble)
        return 0;
    /* The log holds a changed page whole, with a few bytes of its own. */
    r = part_hold(store->part, store->bytes + added + added / 16 + end_room(store) + DISK_ROOM,
                  part_log_bytes(store->part) + added + added / 16 + end_room(store) + DISK_ROOM);
    if (!r)
        return 0;
    snprintf(text, sizeof(text), "the disk has no room for more than what is recorded: %s", strerror(-r));
    note_trouble(store, part_reason(r), text);
    return r;
}

void store_begun(struct store *store)
{
    look_at_size(store);
    store->begun = store->bytes;
}

const char *store_full(struct store *store)
{
    if (store->limit && (store->turn_early || store->bytes + store->added + end_room(store) >= store->limit)) {
        look_at_size(store);
        if (store->turn_early || store->bytes + end_room(store) >= store->limit) {
            if (!strcmp(store->limit_word, "file-limit"))
                note_trouble(store, store->limit_word, "the system allows no larger file (RLIMIT_FSIZE)");
            return store->limit_word;
        }
    }
    if (store->trouble && !strcmp(store->trouble, "disk-full") &&
        store->bytes + store->added + end_room(store) >= part_held(store->part))
        return store->trouble;
    return NULL;
}

enum store_room store_fits(struct store *store, int64_t bytes)
{
    /* Chunks of 256 KiB lie in overflow pages; the last one of each is not full. */
    int64_t more = bytes + bytes / 64 + 64 * KIB;

    if (store->failure || store->trouble)
        return ROOM_NOWHERE;
    look_at_size(store);
    if (store->limit && store->bytes + more + end_room(store) > store->limit) {
        bool fits_a_file = store->begun + more + end_room(store) <= store->limit;

        store->turn_early = fits_a_file || !store->rotates;
        return fits_a_file && store->rotates ? ROOM_IN_NEXT_FILE : ROOM_NOWHERE;
    }
    return hold(store, more) ? ROOM_NOWHERE : ROOM_HERE;
}

int64_t store_bytes(const struct store *store)
{
    return store->bytes + store->added;
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

int64_t store_open_since(const struct store *store)
{
    return store->open_since;
}

int64_t store_committed_at(const struct store *store)
{
    return store->committed_at;
}

int64_t store_next_id(struct store *store, enum table table)
{
    return store->next_id[table]++;
}

int64_t store_last_id(const struct store *store, enum table table)
{
    return store->next_id[table] - 1;
}

static int put(struct store *store, enum table table, const struct value *values)
{
    size_t i;
    int r = part_insert(store->part, table, values);

    if (r)
        return fail(store, r, part_error(store->part));
    for (i = 0; i < tables[table].columns; i++)
        store->added += 9 + (int64_t)values[i].length;
    return 0;
}

int store_insert(struct store *store, enum table table, const struct value *values, size_t count)
{
    char text[96];
    int r;

    if (store->failure)
        return store->failure;
    if (count != tables[table].columns) {
        snprintf(text, sizeof(text), "table %s takes %zu values, not %zu", tables[table].name, tables[table].columns,
                 count);
        return fail(store, -EINVAL, text);
    }
    if (!store->open_since) {
        r = part_begin(store->part);
        if (r)
            return fail(store, r, part_error(store->part));
        store->open_since = clock_boot_ns();
    }
    if (put(store, table, values))
        return store->failure;
    r = seal_add(store->seal, table, values, count);
    if (r) {
        snprintf(text, sizeof(text), "row %lld of table %s: %s", (long long)values[0].integer, tables[table].name,
                 r == -EINVAL ? "a key that does not grow" : strerror(-r));
        return fail(store, r, text);
    }
    if (table == TABLE_EVENT) {
        if (!store->open_events.events)
            store->open_events.from_ns = values[EVENT_NS].integer;
        store->open_events.events += values[EVENT_REPEAT].integer;
    }
    if (store->added >= LOOK_AFTER) {
        hold(store, 0);
        look_at_size(store);
    }
    return 0;
}

static int put_part(struct store *store, int64_t seal_id, const struct seal_part *part)
{
    return put(store, TABLE_SEAL_PART,
               (struct value[]){
                   value_integer(part->id),
                   value_integer(seal_id),
                   value_text(tables[part->table].name),
                   value_integer(part->first_key),
                   value_integer(part->last_key),
                   value_integer(part->rows),
                   value_blob(part->digest, sizeof(part->digest)),
                   part->marks,
                   part->keys,
               });
}

static int put_seal(struct store *store, const struct seal_commit *commit)
{
    size_t i;
    int r;

    r = put(store, TABLE_SEAL,
            (struct value[]){value_integer(commit->id), value_integer(commit->ns), value_integer(commit->rows),
                             value_blob(commit->digest, sizeof(commit->digest))});
    for (i = 0; !r && i < commit->parts; i++)
        r = put_part(store, commit->id, &commit->part[i]);
    if (!r && seal_public_key(store->seal))
        r = put(store, TABLE_SEAL_SIGNATURE,
                (struct value[]){value_integer(commit->id), value_blob(commit->signature, sizeof(commit->signature))});
    return r;
}

int store_commit(struct store *store)
{
    struct seal_commit commit;
    int r;

    if (store->failure || !store->open_since)
        return store->failure;
    seal_commit(store->seal, clock_boot_ns(), &commit);
    if (put_seal(store, &commit))
        return store->failure;
    look_at_size(store);
    hold(store, 0);
    r = part_commit(store->part);
    if (r)
        return fail(store, r, part_error(store->part));
    seal_settle(store->seal, &commit);
    memcpy(store->kept_id, store->next_id, sizeof(store->kept_id));
    store->open_events = (struct store_lost){0};
    store->open_since = 0;
    store->committed_at = clock_boot_ns();
    if (part_log_bytes(store->part) >=
        (store->limit && store->limit / 4 < MERGE_AFTER ? store->limit / 4 : MERGE_AFTER))
        r = part_merge(store->part);
    if (r) /* nothing is lost: the log holds it */
        note_trouble(store, part_reason(r), part_error(store->part));
    return 0;
}

int store_merge(struct store *store)
{
    int r = store_commit(store);

    if (!r && part_merge(store->part))
        note_trouble(store, "error", part_error(store->part));
    return r;
}

/* --- the next file, and the end ----------------------------------------------------------------------------------- */

int store_prepare_turn(struct store *store)
{
    struct place place = *part_place(store->part);
    char text[PLACE_TEXT] = "";
    int tries, r = -EEXIST;

    /* A name that is taken is passed over: the file's row in `capture` has its number. */
    for (tries = 0; r == -EEXIST && tries < NAME_TRIES; tries++) {
        r = place_name_part(&place, ++store->next_number);
        if (r)
            snprintf(text, sizeof(text), "the name of the next file is too long");
        else
            r = part_create(&place, &store->next, text, sizeof(text));
    }
    if (r)
        note_trouble(store, part_reason(r), text);
    return r;
}

int store_turn(struct store *store)
{
    size_t i = 0;
    int r = store_commit(store);

    if (r)
        return r;
    store_tend(store);
    while (i < OLD_PARTS - 1 && store->old[i])
        i++;
    part_close(store->old[i]); /* where there are too many, the log of one stays beside it */
    store->old[i] = store->part;
    memcpy(store->previous_digest, seal_head(store->seal), sizeof(store->previous_digest));
    seal_begin_part(store->seal);
    store->number++;
    begin_part(store, store->next);
    store->next = NULL;
    return 0;
}

void store_tend(struct store *store)
{
    size_t i;

    for (i = 0; i < OLD_PARTS; i++) {
        if (!store->old[i] || part_make_single(store->old[i]) == -EBUSY)
            continue;
        part_close(store->old[i]);
        store->old[i] = NULL;
    }
}

int store_finish(struct store *store, bool has_end)
{
    int folder = part_place(store->part)->folder;
    size_t i;
    int r;

    r = store_commit(store);
    part_use_ballast(store->part);
    if (!r && has_end)
        part_finish(store->part);
    store_tend(store);
    part_close(store->part);
    if (store->next)
        part_remove(store->next);
    for (i = 0; i < OLD_PARTS; i++)
        part_close(store->old[i]);
    place_close(&(struct place){.folder = folder});
    seal_free(store->seal);
    free(store);
    return r;
}
