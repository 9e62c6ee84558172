/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern const char embedded_schema[];

static const char *const insert_statements[TABLE_COUNT] = {
    [TABLE_CAPTURE] = "INSERT INTO capture VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TABLE_CAPTURE_STOP] = "INSERT INTO capture_stop VALUES (?,?,?,?,?)",
    [TABLE_HOOK] = "INSERT INTO hook VALUES (?,?,?,?,?,?)",
    [TABLE_FILE] = "INSERT INTO file VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TABLE_PROCESS] = "INSERT INTO process VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TABLE_EVENT] = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TABLE_ARGUMENT_TEXT] = "INSERT INTO argument_text VALUES (?,?,?,?,?,?)",
    [TABLE_CALL_RETURN] = "INSERT INTO call_return VALUES (?,?,?,?)",
    [TABLE_MODULE_FACT] = "INSERT INTO module_fact VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TABLE_REQUEST_FACT] = "INSERT INTO request_fact VALUES (?,?,?,?)",
    [TABLE_IMAGE_FACT] = "INSERT INTO image_fact VALUES (?,?,?,?,?,?,?,?,?)",
    [TABLE_IMAGE] = "INSERT INTO image VALUES (?,?,?,?,?,?)",
    [TABLE_IMAGE_CHUNK] = "INSERT INTO image_chunk VALUES (?,?,?,?)",
    [TABLE_LOSS_FACT] = "INSERT INTO loss_fact VALUES (?,?,?,?,?)",
    [TABLE_CLOCK_FACT] = "INSERT INTO clock_fact VALUES (?,?,?,?)",
    [TABLE_SNAPSHOT_FACT] = "INSERT INTO snapshot_fact VALUES (?,?,?,?)",
    [TABLE_SNAPSHOT_VIEW] = "INSERT INTO snapshot_view VALUES (?,?,?,?,?,?,?,?,?,?)",
    [TABLE_SNAPSHOT_MODULE] = "INSERT INTO snapshot_module VALUES (?,?,?,?,?,?,?,?,?,?)",
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *insert[TABLE_COUNT];
    int64_t next_id[TABLE_COUNT];
    int64_t open_since;
    int failure;
    char error[256];
    char path[PATH_MAX];
};

struct value value_null(void)
{
    return (struct value){.type = VALUE_NULL};
}

struct value value_integer(int64_t integer)
{
    return (struct value){.type = VALUE_INTEGER, .integer = integer};
}

struct value value_blob(const void *bytes, size_t length)
{
    return (struct value){.type = VALUE_BLOB, .bytes = bytes ? bytes : "", .length = length};
}

struct value value_any(const void *bytes, size_t length)
{
    struct value value = value_blob(bytes, length);

    if (utf8_is_text(value.bytes, length))
        value.type = VALUE_TEXT;
    return value;
}

struct value value_text(const char *text)
{
    return text ? (struct value){.type = VALUE_TEXT, .bytes = text, .length = strlen(text)} : value_null();
}

struct value value_any_text(const char *text)
{
    return *text ? value_any(text, strlen(text)) : value_null();
}

/* SQLite's answers as errno. */
static int errno_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    default:
        return -EIO;
    }
}

static int fail(struct store *store, int result)
{
    if (!store->failure) {
        store->failure = errno_of(result);
        snprintf(store->error, sizeof(store->error), "%s", sqlite3_errmsg(store->database));
    }
    return store->failure;
}

static int execute(struct store *store, const char *sql)
{
    int result = sqlite3_exec(store->database, sql, NULL, NULL, NULL);

    return result == SQLITE_OK ? 0 : fail(store, result);
}

/* The folder resolved, the last part as given: a link there is refused by the caller, not followed. */
static int absolute_path(const char *path, char *ret_path, size_t size)
{
    char for_folder[PATH_MAX], for_name[PATH_MAX], folder[PATH_MAX];
    const char *name;

    if (strlen(path) >= sizeof(for_folder))
        return -ENAMETOOLONG;
    strcpy(for_folder, path);
    strcpy(for_name, path);
    name = basename(for_name);
    if (!strcmp(name, "/") || !strcmp(name, ".") || !strcmp(name, ".."))
        return -EISDIR;
    if (!realpath(dirname(for_folder), folder))
        return -errno;
    if ((size_t)snprintf(ret_path, size, "%s/%s", strcmp(folder, "/") ? folder : "", name) >= size)
        return -ENAMETOOLONG;
    return 0;
}

static int prepare(struct store *store)
{
    size_t i;

    for (i = 0; i < TABLE_COUNT; i++) {
        int result = sqlite3_prepare_v3(store->database, insert_statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                        &store->insert[i], NULL);

        if (result != SQLITE_OK)
            return fail(store, result);
        store->next_id[i] = 1;
    }
    return 0;
}

static void close_database(struct store *store)
{
    size_t i;

    for (i = 0; i < TABLE_COUNT; i++)
        sqlite3_finalize(store->insert[i]);
    sqlite3_close(store->database);
    store->database = NULL;
}

int store_create(const char *path, struct store **ret_store, char *ret_error, size_t error_size)
{
    struct store *store = NULL;
    struct stat created, opened;
    int file = -1, r;

    store = calloc(1, sizeof(*store));
    if (!store)
        return -ENOMEM;
    r = absolute_path(path, store->path, sizeof(store->path));
    if (r) {
        snprintf(ret_error, error_size, "%s cannot be created: %s", path, strerror(-r));
        goto fail;
    }
    file = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0 || fstat(file, &created)) {
        r = -errno;
        snprintf(ret_error, error_size,
                 r == -EEXIST ? "%s exists already: a capture is never written over a file"
                              : "%s cannot be created: %s",
                 path, strerror(-r));
        goto fail;
    }
    if (sqlite3_open_v2(store->path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) ||
        execute(store, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF") || execute(store, "BEGIN IMMEDIATE") ||
        execute(store, embedded_schema) || execute(store, "COMMIT") ||
        /* Only now: the file itself, and not the log beside it, says from the first moment that it is a capture. */
        execute(store, "PRAGMA journal_mode = WAL") || prepare(store)) {
        r = store->failure ? store->failure : -EIO;
        snprintf(ret_error, error_size, "%s cannot be written: %s", path, sqlite3_errmsg(store->database));
        goto fail_created;
    }
    if (lstat(store->path, &opened) || opened.st_ino != created.st_ino || opened.st_dev != created.st_dev) {
        r = -EBUSY;
        snprintf(ret_error, error_size, "%s was replaced while it was being created", path);
        goto fail;
    }
    close(file);
    *ret_store = store;
    return 0;
fail_created:
    unlink(store->path);
fail:
    if (file >= 0)
        close(file);
    close_database(store);
    free(store);
    return r;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

const char *store_error(const struct store *store)
{
    return store->error;
}

int64_t store_open_since(const struct store *store)
{
    return store->open_since;
}

int64_t store_next_id(struct store *store, enum table table)
{
    return store->next_id[table]++;
}

static int bind(sqlite3_stmt *statement, int index, const struct value *value)
{
    switch (value->type) {
    case VALUE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case VALUE_TEXT:
        return sqlite3_bind_text64(statement, index, value->bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BLOB:
        return sqlite3_bind_blob64(statement, index, value->bytes, value->length, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(statement, index);
    }
}

int store_insert(struct store *store, enum table table, const struct value *values, size_t count)
{
    sqlite3_stmt *statement = store->insert[table];
    size_t i;
    int result;

    if (store->failure)
        return store->failure;
    if (!store->open_since) {
        if (execute(store, "BEGIN IMMEDIATE"))
            return store->failure;
        store->open_since = clock_boot_ns();
    }
    if ((int)count != sqlite3_bind_parameter_count(statement)) {
        store->failure = -EINVAL;
        snprintf(store->error, sizeof(store->error), "table %d takes %d values, not %zu", (int)table,
                 sqlite3_bind_parameter_count(statement), count);
        return store->failure;
    }
    for (i = 0; i < count; i++) {
        result = bind(statement, (int)i + 1, &values[i]);
        if (result != SQLITE_OK)
            return fail(store, result);
    }
    result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fail(store, result);
}

int store_commit(struct store *store)
{
    if (!store->open_since)
        return store->failure;
    store->open_since = 0;
    return execute(store, "COMMIT");
}

int store_merge(struct store *store)
{
    int r = store_commit(store);

    if (!r)
        sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return r;
}

int64_t store_bytes(const struct store *store)
{
    char wal[PATH_MAX + 8];
    struct stat file;
    int64_t bytes = 0;

    if (!stat(store->path, &file))
        bytes += file.st_size;
    snprintf(wal, sizeof(wal), "%s-wal", store->path);
    if (!stat(wal, &file))
        bytes += file.st_size;
    return bytes;
}

static bool is_single_file(struct store *store)
{
    sqlite3_stmt *statement = NULL;
    bool single = false;

    if (sqlite3_prepare_v2(store->database, "PRAGMA journal_mode = DELETE", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        single = !strcmp((const char *)sqlite3_column_text(statement, 0), "delete");
    sqlite3_finalize(statement);
    return single;
}

int store_finish(struct store *store)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    int tries, r;

    r = store_commit(store);
    for (tries = 0; !r && tries < 150; tries++) {
        sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        if (is_single_file(store))
            break;
        nanosleep(&pause, NULL); /* a reader still looks at it */
    }
    close_database(store);
    free(store);
    return r;
}
