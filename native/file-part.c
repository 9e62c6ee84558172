/* SPDX-License-Identifier: MIT */
#include "part-kind.h"

#include "mapped.h"
#include "reserve.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG_LOG (16 << 20) /* a longer log is cut when it has been merged */
#define PAGE 16384          /* what grows side by side lies less scattered than in SQLite's own 4096 */
#define FRAME (PAGE + 24)   /* a page in the log */
#define PATIENCE_MS 3000    /* with those who look into a file that is being made */
#define BALLAST (8 << 20)   /* as much as the log is when it is merged, and again for the end */

#define AS_TEXT(number) #number
#define TEXT_OF(macro) AS_TEXT(macro)

extern const char embedded_schema[];

struct file_part {
    struct part part;
    sqlite3 *database;
    sqlite3_stmt *insert[TABLE_COUNT];
    sqlite3_stmt *count_pages;
    struct reserve file, log; /* the descriptors stay open: closing one would drop SQLite's locks on the file */
    int ballast;              /* -1: none */
    int log_pages;
};

static struct file_part *file_of(struct part *part)
{
    return (struct file_part *)part;
}

/* --- names ------------------------------------------------------------------------------------------------------ */

/* SQLite would make the name absolute; relative to the working folder it follows the folder where that goes. */
static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *ret_name)
{
    (void)vfs;
    return snprintf(ret_name, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

/* The functions of an open file as the system's VFS has them, but for three. The database is locked, its log is not. */
static struct shim {
    sqlite3_io_methods methods;
    int (*truncate)(sqlite3_file *, sqlite3_int64);
    int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
    int (*sync)(sqlite3_file *, int);
} locked_files, plain_files;

static sqlite3_vfs system_vfs;
static int write_errno; /* of the transaction's last write that failed, 0: none; SQLite only says that it did */

/* After each merge SQLite cuts the file to the size that it has, which would give the room behind it away. */
static int keep_room(sqlite3_file *file, sqlite3_int64 size)
{
    const struct shim *shim = (const struct shim *)file->pMethods;
    sqlite3_int64 now;

    if (shim->methods.xFileSize(file, &now) == SQLITE_OK && now == size)
        return SQLITE_OK;
    return shim->truncate(file, size);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    const struct shim *shim = (const struct shim *)file->pMethods;
    int result = shim->write(file, bytes, count, offset);

    if (result != SQLITE_OK)
        write_errno = errno;
    return result;
}

static int sync_file(sqlite3_file *file, int flags)
{
    const struct shim *shim = (const struct shim *)file->pMethods;
    int result = shim->sync(file, flags);

    if (result != SQLITE_OK)
        write_errno = errno;
    return result;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    struct shim *shim = flags & SQLITE_OPEN_MAIN_DB ? &locked_files : &plain_files;
    int result = system_vfs.xOpen(vfs, name, file, flags, ret_flags);

    if (result != SQLITE_OK)
        return result;
    shim->methods = *file->pMethods;
    shim->truncate = shim->methods.xTruncate;
    shim->write = shim->methods.xWrite;
    shim->sync = shim->methods.xSync;
    shim->methods.xTruncate = keep_room;
    shim->methods.xWrite = write_file;
    shim->methods.xSync = sync_file;
    file->pMethods = &shim->methods;
    return SQLITE_OK;
}

/* The system's way to open files, but for names and room. */
static const char *register_vfs(void)
{
    static sqlite3_vfs vfs;

    if (!vfs.zName) {
        vfs = system_vfs = *sqlite3_vfs_find(NULL);
        vfs.zName = "modtrail";
        vfs.pNext = NULL;
        vfs.xFullPathname = keep_name;
        vfs.xOpen = open_file;
        sqlite3_vfs_register(&vfs, 0);
    }
    return vfs.zName;
}

/* --- failures --------------------------------------------------------------------------------------------------- */

/* SQLite's answers as errno. */
static int errno_of(int result)
{
    int system = write_errno;

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
    case SQLITE_IOERR:
        return system > 0 ? -system : -EIO;
    default:
        return -EIO;
    }
}

static int fail(struct file_part *part, int result)
{
    char text[256];
    int r = errno_of(result);

    snprintf(text, sizeof(text), "%s%s%s", sqlite3_errmsg(part->database), r == -EIO || r == -ENOSPC ? "" : ": ",
             r == -EIO || r == -ENOSPC ? "" : strerror(-r));
    part_fail(&part->part, text);
    return r;
}

static int execute(struct file_part *part, const char *sql)
{
    int result = sqlite3_exec(part->database, sql, NULL, NULL, NULL);

    return result == SQLITE_OK ? 0 : fail(part, result);
}

/* --- beginning -------------------------------------------------------------------------------------------------- */

static int on_commit(void *context, sqlite3 *database, const char *name, int pages)
{
    struct file_part *part = context;

    (void)database;
    (void)name;
    part->log_pages = pages;
    return SQLITE_OK;
}

static int prepare(struct file_part *part)
{
    size_t i, column;
    int result;

    for (i = 0; i < TABLE_COUNT; i++) {
        char sql[256];
        int length = snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (?", tables[i].name);

        for (column = 1; column < tables[i].columns; column++)
            length += snprintf(sql + length, sizeof(sql) - (size_t)length, ",?");
        snprintf(sql + length, sizeof(sql) - (size_t)length, ")");
        result = sqlite3_prepare_v3(part->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &part->insert[i], NULL);
        if (result != SQLITE_OK)
            return fail(part, result);
    }
    result = sqlite3_prepare_v3(part->database, "PRAGMA page_count", -1, SQLITE_PREPARE_PERSISTENT, &part->count_pages,
                                NULL);
    return result == SQLITE_OK ? 0 : fail(part, result);
}

static int create_tables(struct file_part *part)
{
    char name[PLACE_NAME + 2];
    int result, r;

    /* A name is never taken for a URI or for ":memory:". */
    snprintf(name, sizeof(name), "./%s", part->part.place.name);
    result = sqlite3_open_v2(name, &part->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, register_vfs());
    if (result != SQLITE_OK)
        return fail(part, result);
    /* Who looks into a new file at once keeps it from being written to for that moment. With a log nobody does. */
    sqlite3_busy_timeout(part->database, PATIENCE_MS);
    r = execute(part, "PRAGMA page_size = " TEXT_OF(PAGE) "; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
                                                          "PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE");
    if (!r)
        r = execute(part, embedded_schema);
    if (!r)
        r = execute(part, "COMMIT");
    /* Only now: the file itself, and not the log beside it, says from the first moment that it is a capture. */
    if (!r)
        r = execute(part, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE; COMMIT");
    sqlite3_busy_timeout(part->database, 0);
    if (!r)
        r = prepare(part);
    sqlite3_wal_hook(part->database, on_commit, part);
    return r;
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

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

static int begin(struct part *base)
{
    write_errno = 0;
    return execute(file_of(base), "BEGIN IMMEDIATE");
}

static int insert(struct part *base, enum table table, const struct value *values)
{
    struct file_part *part = file_of(base);
    sqlite3_stmt *statement = part->insert[table];
    size_t i;
    int result;

    for (i = 0; i < tables[table].columns; i++) {
        result = bind(statement, (int)i + 1, &values[i]);
        if (result != SQLITE_OK)
            return fail(part, result);
    }
    result = sqlite3_step(statement);
    if (result != SQLITE_DONE) {
        int r = fail(part, result);

        sqlite3_reset(statement);
        return r;
    }
    sqlite3_reset(statement);
    return 0;
}

static int commit(struct part *base)
{
    return execute(file_of(base), "COMMIT");
}

static void roll_back(struct part *base)
{
    struct file_part *part = file_of(base);

    if (!sqlite3_get_autocommit(part->database))
        sqlite3_exec(part->database, "ROLLBACK", NULL, NULL, NULL);
}

/* --- room ------------------------------------------------------------------------------------------------------- */

static int64_t bytes_of_file(struct part *base)
{
    struct file_part *part = file_of(base);
    int64_t bytes;
    int result = sqlite3_step(part->count_pages);

    bytes = result == SQLITE_ROW ? sqlite3_column_int64(part->count_pages, 0) * PAGE : fail(part, result);
    sqlite3_reset(part->count_pages);
    return bytes;
}

static int64_t log_bytes(const struct part *base)
{
    return (int64_t)((const struct file_part *)base)->log_pages * FRAME;
}

static int hold(struct part *base, int64_t for_file, int64_t for_log)
{
    struct file_part *part = file_of(base);
    int r = reserve_hold(&part->file, for_file);

    if (!r)
        r = reserve_hold(&part->log, for_log);
    if (!r && !reserve_is_sure(&part->file) && part->ballast < 0)
        part->ballast = place_open_ballast(&base->place, BALLAST);
    return r;
}

static void use_ballast(struct part *base)
{
    struct file_part *part = file_of(base);

    if (part->ballast >= 0)
        close(part->ballast);
    part->ballast = -1;
}

static int64_t held(const struct part *base)
{
    return ((const struct file_part *)base)->file.held;
}

static int merge(struct part *base)
{
    struct file_part *part = file_of(base);
    int all = 0, merged = 0;
    int result = sqlite3_wal_checkpoint_v2(part->database, NULL, SQLITE_CHECKPOINT_PASSIVE, &all, &merged);

    if (result != SQLITE_OK)
        return result == SQLITE_BUSY || result == SQLITE_LOCKED ? 0 : fail(part, result);
    if (merged < all)
        return 0; /* a reader needs the rest */
    part->log_pages = 0;
    if ((int64_t)all * FRAME > LONG_LOG &&
        sqlite3_wal_checkpoint_v2(part->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
        part->log.held = 0;
    return 0;
}

/* --- the end ---------------------------------------------------------------------------------------------------- */

static const char *look(struct part *base, char *ret_detail, size_t detail_size)
{
    const char *word = place_look(&base->place, file_of(base)->file.file, ret_detail, detail_size);

    if (word || !mapped_refused())
        return word;
    snprintf(ret_detail, detail_size, "the disk has no room for the index of the capture's log, or an error there");
    return "disk-full";
}

/*
 * The change of journal mode leaves the log. "MEMORY", as a journal on disk would need room and a folder that can be
 * written to; the one page that changes holds the same bytes before and after but for the two that name the mode.
 * "EXCLUSIVE", as SQLite else gives the file's lock up between the log's deletion and the writing of that page
 * (measured: about once in 1,000 tries beside three readers that open and close), and the file then says that it has a
 * log, and has none.
 */
static int leave_log(struct file_part *part)
{
    sqlite3_stmt *statement = NULL;
    bool left = false;
    int r = execute(part, "PRAGMA locking_mode = EXCLUSIVE");

    if (r)
        return r;
    if (sqlite3_prepare_v2(part->database, "PRAGMA journal_mode = MEMORY", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        left = !strcmp((const char *)sqlite3_column_text(statement, 0), "memory");
    sqlite3_finalize(statement);
    if (left)
        return 0;
    r = execute(part, "PRAGMA locking_mode = NORMAL");
    return r ? r : -EBUSY;
}

static int make_single(struct part *base)
{
    struct file_part *part = file_of(base);
    int result = sqlite3_wal_checkpoint_v2(part->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

    if (result != SQLITE_OK)
        return result == SQLITE_BUSY || result == SQLITE_LOCKED ? -EBUSY : fail(part, result);
    if (place_log_is_taken(&base->place, part->log.file))
        return 0; /* leaving the log deletes it by its name, and another's lies there */
    return leave_log(part);
}

static void close_file(struct part *base)
{
    struct file_part *part = file_of(base);
    size_t i;

    for (i = 0; i < TABLE_COUNT; i++)
        sqlite3_finalize(part->insert[i]);
    sqlite3_finalize(part->count_pages);
    sqlite3_close(part->database);
    use_ballast(base);
    if (part->file.file >= 0) {
        reserve_trim(&part->file);
        close(part->file.file);
    }
    if (part->log.file >= 0) {
        reserve_trim(&part->log);
        close(part->log.file);
    }
    free(part);
}

/* What lies under the name by now may be somebody else's. */
static void remove_file(struct part *base)
{
    struct place place = base->place;
    bool is_taken = place_is_taken(&place, file_of(base)->file.file);

    close_file(base);
    if (!is_taken)
        place_remove(&place);
}

static const struct part_kind files = {
    .begin = begin,
    .insert = insert,
    .commit = commit,
    .roll_back = roll_back,
    .bytes = bytes_of_file,
    .log_bytes = log_bytes,
    .hold = hold,
    .use_ballast = use_ballast,
    .held = held,
    .merge = merge,
    .look = look,
    .make_single = make_single,
    .close = close_file,
    .remove = remove_file,
};

int part_create(const struct place *place, struct part **ret_part, char *ret_error, size_t error_size)
{
    struct file_part *part = calloc(1, sizeof(*part));
    int r;

    if (!part) {
        snprintf(ret_error, error_size, "no memory for the capture");
        return -ENOMEM;
    }
    part->part.kind = &files;
    part->part.place = *place;
    part->log.file = part->ballast = -1;
    part->file.file = place_create(place, ret_error, error_size);
    if (part->file.file < 0) {
        r = part->file.file;
        close_file(&part->part);
        return r;
    }
    r = create_tables(part);
    if (r) {
        snprintf(ret_error, error_size, "%s/%s cannot be written: %s", place->path, place->name,
                 part_error(&part->part));
        remove_file(&part->part);
        return r;
    }
    part->log.file = place_open_log(place);
    if (part->log.file == -EMFILE || part->log.file == -ENFILE || part->log.file == -ENOMEM) {
        r = part->log.file;
        snprintf(ret_error, error_size, "the log of %s/%s cannot be opened: %s", place->path, place->name,
                 strerror(-r));
        remove_file(&part->part);
        return r;
    }
    if (part->log.file < 0 || place_is_taken(place, part->file.file)) {
        snprintf(ret_error, error_size, "%s/%s or its log was replaced while it was being created", place->path,
                 place->name);
        close_file(&part->part); /* what lies there now is somebody else's */
        return -EBUSY;
    }
    *ret_part = &part->part;
    return 0;
}
