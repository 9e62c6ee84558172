/* SPDX-License-Identifier: MIT */
/* Rows of files and processes, each written once. */
#include "recorder-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_UNSET UINT32_MAX

static struct value fs_name_value(const struct file_record *file)
{
    size_t length = strnlen(file->fs_name, sizeof(file->fs_name));

    return length ? value_any(file->fs_name, length) : value_null();
}

static struct value path_value(const struct file_record *file, const uint8_t *data, char *path, size_t size)
{
    int length = decode_path(decode_span(data, &file->path), file->path.state == READ_WHOLE, path, size);

    return length < 0 ? value_null() : value_any(path, (size_t)length);
}

/* NULL where the time does not fit: a memory file system takes any number of seconds. */
static struct value mtime_value(const struct file_record *file)
{
    int64_t ns;

    if (__builtin_mul_overflow(file->mtime_seconds, 1000000000LL, &ns) ||
        __builtin_add_overflow(ns, (int64_t)file->mtime_nanoseconds, &ns))
        return value_null();
    return value_integer(ns);
}

int recorder_put_file(struct recorder *recorder, const struct file_record *file, const uint8_t *data, int64_t *ret_id)
{
    struct file_record key = *file;
    struct piece components = decode_span(data, &file->path);
    char path[DATA_SIZE];
    struct value path_column;
    size_t length;
    int r;

    *ret_id = 0;
    if (!file->present)
        return 0;
    key.path.offset = 0;
    memcpy(recorder->scratch, &key, sizeof(key));
    if (components.length)
        memcpy(recorder->scratch + sizeof(key), components.at, components.length);
    length = sizeof(key) + components.length;
    *ret_id = cache_find(recorder->files, recorder->scratch, length);
    if (*ret_id)
        return 0;

    *ret_id = store_next_id(recorder->store, TABLE_FILE);
    path_column = path_value(file, data, path, sizeof(path));
    r = store_insert(recorder->store, TABLE_FILE,
                     (struct value[]){
                         value_integer(*ret_id),
                         path_column,
                         value_text(path_column.type == VALUE_NULL ? "unreadable" : decode_state(file->path.state)),
                         value_integer(file->device >> 20),
                         value_integer(file->device & 0xfffff),
                         value_integer((int64_t)file->inode),
                         value_integer((int64_t)file->size),
                         value_integer(file->links),
                         value_integer(file->mode),
                         value_integer(file->uid),
                         value_integer(file->gid),
                         mtime_value(file),
                         value_integer((int64_t)file->fs_magic),
                         fs_name_value(file),
                         value_integer(file->open_flags),
                     },
                     15);
    if (!r)
        cache_put(recorder->files, recorder->scratch, length, *ret_id);
    return r;
}

static struct value comm_value(const char *comm)
{
    return value_any(comm, strnlen(comm, 16));
}

/* One ancestor, below the one written before it. */
static int put_ancestor(struct recorder *recorder, const struct ancestor_record *ancestor, int64_t above_id,
                        uint32_t above_pid, bool whole, int64_t *ret_id)
{
    struct {
        struct ancestor_record ancestor;
        int64_t above_id;
        int64_t whole;
    } key = {*ancestor, above_id, whole};
    int r;

    *ret_id = cache_find(recorder->processes, &key, sizeof(key));
    if (*ret_id)
        return 0;
    *ret_id = store_next_id(recorder->store, TABLE_PROCESS);
    r = store_insert(recorder->store, TABLE_PROCESS,
                     (struct value[27]){
                         /* an ancestor has no more than these; the others are NULL */
                         value_integer(*ret_id),
                         above_id ? value_integer(above_id) : value_null(),
                         value_text("ancestor"),
                         value_text(whole ? "whole" : "cut"),
                         value_integer(ancestor->pid),
                         above_id ? value_integer(above_pid) : value_null(),
                         value_integer((int64_t)ancestor->start_ns),
                         comm_value(ancestor->comm),
                         value_integer(ancestor->uid),
                     },
                     27);
    if (!r)
        cache_put(recorder->processes, &key, sizeof(key), *ret_id);
    return r;
}

static int put_ancestors(struct recorder *recorder, const struct process_record *process, const uint8_t *data,
                         int64_t *ret_parent_id)
{
    struct piece chain = decode_span(data, &process->ancestors);
    size_t left = chain.length / sizeof(struct ancestor_record);
    bool whole = process->ancestors.state == READ_WHOLE;
    uint32_t above_pid = 0;
    int r = 0;

    *ret_parent_id = 0;
    while (!r && left-- > 0) { /* from the top down, each row naming the one above it */
        struct ancestor_record ancestor;
        int64_t id;

        memcpy(&ancestor, chain.at + left * sizeof(ancestor), sizeof(ancestor));
        r = put_ancestor(recorder, &ancestor, *ret_parent_id, above_pid, whole, &id);
        *ret_parent_id = id;
        above_pid = ancestor.pid;
    }
    return r;
}

/* What tells one process row from another: the record without its offsets, and what the spans hold. */
static size_t process_key(struct recorder *recorder, const struct process_record *process, const uint8_t *data,
                          int64_t parent_id)
{
    struct process_record key = *process;
    const struct span *const spans[] = {&process->argv, &process->cgroup, &process->exe.path};
    uint8_t *at = recorder->scratch;
    size_t i;

    key.argv.offset = key.cgroup.offset = key.ancestors.offset = key.exe.path.offset = 0;
    memcpy(at, &key, sizeof(key));
    at += sizeof(key);
    memcpy(at, &parent_id, sizeof(parent_id));
    at += sizeof(parent_id);
    for (i = 0; i < COUNT(spans); i++) {
        struct piece piece = decode_span(data, spans[i]);

        if (spans[i] == &process->exe.path && !process->exe.present)
            continue; /* not checked, as nothing is there */
        if (at + piece.length > recorder->scratch + recorder->scratch_size)
            return 0; /* spans that overlap: never from the kernel side; not cached */
        if (piece.length)
            memcpy(at, piece.at, piece.length);
        at += piece.length;
    }
    return (size_t)(at - recorder->scratch);
}

static struct value cgroup_value(const struct process_record *process, const uint8_t *data, char *path, size_t size)
{
    int length;

    if (process->cgroup.state == READ_ABSENT)
        return value_null();
    length = decode_path(decode_span(data, &process->cgroup), process->cgroup.state == READ_WHOLE, path, size);
    return length < 0 ? value_null() : value_any(path, (size_t)length);
}

static struct value audit_value(const struct process_record *process, uint32_t id)
{
    return process->has_audit && id != AUDIT_UNSET ? value_integer(id) : value_null();
}

int recorder_put_process(struct recorder *recorder, uint32_t pid, const struct process_record *process, int64_t *ret_id)
{
    const uint8_t *data = process->data;
    int64_t parent_id, exe_id;
    char cgroup[DATA_SIZE];
    struct piece argv = decode_span(data, &process->argv);
    void *key = NULL;
    size_t length;
    int r;

    r = put_ancestors(recorder, process, data, &parent_id);
    if (r)
        return r;
    length = process_key(recorder, process, data, parent_id);
    *ret_id = length ? cache_find(recorder->processes, recorder->scratch, length) : 0;
    if (*ret_id)
        return 0;
    key = malloc(length ? length : 1);
    if (!key)
        return -ENOMEM;
    memcpy(key, recorder->scratch, length); /* the file below uses the scratch too */
    r = recorder_put_file(recorder, &process->exe, data, &exe_id);
    if (r)
        goto out;
    *ret_id = store_next_id(recorder->store, TABLE_PROCESS);
    r = store_insert(recorder->store, TABLE_PROCESS,
                     (struct value[]){
                         value_integer(*ret_id),
                         parent_id ? value_integer(parent_id) : value_null(),
                         value_text("caller"),
                         value_text(process->ancestors.state == READ_WHOLE ? "whole" : "cut"),
                         value_integer(pid),
                         value_integer(process->parent_pid),
                         value_integer((int64_t)process->start_ns),
                         comm_value(process->comm),
                         value_integer(process->uid),
                         value_integer(process->gid),
                         value_integer(process->euid),
                         value_integer(process->egid),
                         audit_value(process, process->login_uid),
                         audit_value(process, process->session_id),
                         value_integer((int64_t)process->cap_effective),
                         value_integer((int64_t)process->cap_permitted),
                         value_integer((int64_t)process->cap_bounding),
                         value_integer(process->pid_in_ns),
                         value_integer(process->mnt_ns),
                         value_integer(process->pid_ns),
                         value_integer(process->net_ns),
                         value_integer(process->user_ns),
                         value_integer((int64_t)process->cgroup_id),
                         cgroup_value(process, data, cgroup, sizeof(cgroup)),
                         exe_id ? value_integer(exe_id) : value_null(),
                         argv.at ? value_blob(argv.at, argv.length) : value_null(),
                         value_text(decode_state(process->argv.state)),
                     },
                     27);
    if (!r && length)
        cache_put(recorder->processes, key, length, *ret_id);
out:
    free(key);
    return r;
}
