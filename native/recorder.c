/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include "cache.h"
#include "decode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OPEN_BUCKETS 4096u
#define AUDIT_UNSET UINT32_MAX

/* A call that has not returned. Its record is kept, as another file may begin meanwhile. */
struct open_call {
    struct open_call *next_in_bucket;
    struct open_call *older, *newer; /* calls without a row, by age */
    struct entry_record *record;
    uint64_t ns;
    uint32_t tid;
    uint32_t call;
    int64_t call_id;
    int64_t process_id;
    int64_t seq; /* 0: no row yet */
    /* The text as first read, to see whether the second reading differs. */
    uint32_t text_state;
    uint32_t text_length;
    uint8_t *text;
};

struct recorder {
    struct store *store;
    struct cache *processes;
    struct cache *files;
    struct open_call *bucket[OPEN_BUCKETS];
    struct open_call *oldest, *newest;
    int64_t last_call_id;
    int64_t lost;
    int64_t events;
    uint64_t seen_losses[LOSS_CAUSES];
    uint64_t seen_recursion;
    int64_t losses_looked_at;
    int64_t recursion_looked_at;
    uint8_t *scratch; /* a key for the caches */
    size_t scratch_size;
};

static const char *const call_names[] = {"finit_module", "init_module", "delete_module"};

/* Which argument of the call is a text. */
static const int text_argument[] = {1, 2, 0};

struct recorder *recorder_new(struct store *store)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));

    if (!recorder)
        return NULL;
    recorder->store = store;
    recorder->processes = cache_new();
    recorder->files = cache_new();
    recorder->scratch_size = sizeof(struct process_record) + sizeof(int64_t) + DATA_SIZE;
    recorder->scratch = malloc(recorder->scratch_size);
    recorder->losses_looked_at = recorder->recursion_looked_at = clock_boot_ns();
    if (!recorder->processes || !recorder->files || !recorder->scratch) {
        recorder_free(recorder);
        return NULL;
    }
    return recorder;
}

static void free_open(struct open_call *open)
{
    free(open->record);
    free(open->text);
    free(open);
}

void recorder_free(struct recorder *recorder)
{
    size_t i;

    if (!recorder)
        return;
    for (i = 0; i < OPEN_BUCKETS; i++) {
        while (recorder->bucket[i]) {
            struct open_call *open = recorder->bucket[i];

            recorder->bucket[i] = open->next_in_bucket;
            free_open(open);
        }
    }
    cache_free(recorder->processes);
    cache_free(recorder->files);
    free(recorder->scratch);
    free(recorder);
}

/* --- files and processes -------------------------------------------------------------------------------------- */

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

/* Returns the file's row in `ret_id`, 0 where there is no file. */
static int put_file(struct recorder *recorder, const struct file_record *file, const uint8_t *data, int64_t *ret_id)
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
                         value_integer(file->mtime_seconds * 1000000000 + file->mtime_nanoseconds),
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
                     (struct value[]){
                         value_integer(*ret_id),
                         above_id ? value_integer(above_id) : value_null(),
                         value_text("ancestor"),
                         value_text(whole ? "whole" : "cut"),
                         value_integer(ancestor->pid),
                         above_id ? value_integer(above_pid) : value_null(),
                         value_integer((int64_t)ancestor->start_ns),
                         comm_value(ancestor->comm),
                         value_integer(ancestor->uid),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
                         value_null(),
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

static int put_process(struct recorder *recorder, const struct record_head *head, const struct process_record *process,
                       const uint8_t *data, int64_t *ret_id)
{
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
    r = put_file(recorder, &process->exe, data, &exe_id);
    if (r)
        goto out;
    *ret_id = store_next_id(recorder->store, TABLE_PROCESS);
    r = store_insert(recorder->store, TABLE_PROCESS,
                     (struct value[]){
                         value_integer(*ret_id),
                         parent_id ? value_integer(parent_id) : value_null(),
                         value_text("caller"),
                         value_text(process->ancestors.state == READ_WHOLE ? "whole" : "cut"),
                         value_integer(head->pid),
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

/* --- events ---------------------------------------------------------------------------------------------------- */

/* What an event row holds beside its number; zero-initialised values are NULL. */
struct event_row {
    int64_t ns;
    const char *kind;
    struct value call_id, pid, tid, process_id, file_id, arg0, arg1, arg2, compat, return_value, duration_ns;
};

static int put_event(struct recorder *recorder, const struct event_row *row, int64_t *ret_seq)
{
    int64_t seq = store_next_id(recorder->store, TABLE_EVENT);

    if (ret_seq)
        *ret_seq = seq;
    recorder->events++;
    return store_insert(recorder->store, TABLE_EVENT,
                        (struct value[]){
                            value_integer(seq),
                            value_integer(row->ns),
                            value_text(row->kind),
                            row->call_id,
                            row->pid,
                            row->tid,
                            row->process_id,
                            row->file_id,
                            row->arg0,
                            row->arg1,
                            row->arg2,
                            row->compat,
                            row->return_value,
                            row->duration_ns,
                            value_integer(1),
                            value_null(),
                            value_null(),
                            value_null(),
                        },
                        18);
}

static struct value id_or_null(int64_t id)
{
    return id ? value_integer(id) : value_null();
}

static int put_text(struct recorder *recorder, int64_t seq, uint32_t call, const char *phase, uint32_t state,
                    struct piece text)
{
    return store_insert(recorder->store, TABLE_ARGUMENT_TEXT,
                        (struct value[]){
                            value_integer(store_next_id(recorder->store, TABLE_ARGUMENT_TEXT)),
                            value_integer(seq),
                            value_integer(text_argument[call]),
                            value_text(phase),
                            value_text(decode_state(state)),
                            text.at ? value_any(text.at, text.length) : value_null(),
                        },
                        6);
}

/* --- calls ------------------------------------------------------------------------------------------------------ */

static struct open_call **bucket_of(struct recorder *recorder, uint32_t tid)
{
    return &recorder->bucket[tid % OPEN_BUCKETS];
}

static struct open_call *find_open(struct recorder *recorder, uint32_t tid, uint64_t ns)
{
    struct open_call *open = *bucket_of(recorder, tid);

    while (open && (open->tid != tid || (ns && open->ns != ns)))
        open = open->next_in_bucket;
    return open;
}

static void add_pending(struct recorder *recorder, struct open_call *open)
{
    open->older = recorder->newest;
    if (recorder->newest)
        recorder->newest->newer = open;
    else
        recorder->oldest = open;
    recorder->newest = open;
}

static void leave_pending(struct recorder *recorder, struct open_call *open)
{
    if (open->older)
        open->older->newer = open->newer;
    else if (recorder->oldest == open)
        recorder->oldest = open->newer;
    if (open->newer)
        open->newer->older = open->older;
    else if (recorder->newest == open)
        recorder->newest = open->older;
    open->older = open->newer = NULL;
}

static void remove_open(struct recorder *recorder, struct open_call *open)
{
    struct open_call **at = bucket_of(recorder, open->tid);

    while (*at != open)
        at = &(*at)->next_in_bucket;
    *at = open->next_in_bucket;
    leave_pending(recorder, open);
    free_open(open);
}

/* Writes the call's row, with its return where `ret` is given. */
static int write_call(struct recorder *recorder, struct open_call *open, const struct return_record *ret)
{
    const struct entry_record *entry = open->record;
    struct event_row row = {
        .ns = (int64_t)entry->head.ns,
        .kind = call_names[entry->call],
        .call_id = value_integer(open->call_id),
        .pid = value_integer(entry->head.pid),
        .tid = value_integer(entry->head.tid),
        .process_id = value_integer(open->process_id),
        .arg0 = value_integer((int64_t)entry->argument[0]),
        .arg1 = value_integer((int64_t)entry->argument[1]),
        .compat = value_integer(entry->compat),
    };
    int64_t file_id;
    int r;

    if (entry->call != CALL_DELETE_MODULE)
        row.arg2 = value_integer((int64_t)entry->argument[2]);
    if (ret) {
        row.return_value = value_integer(ret->value);
        row.duration_ns = value_integer((int64_t)(ret->head.ns - open->ns));
    }
    r = put_file(recorder, &entry->file, entry->data, &file_id);
    if (r)
        return r;
    row.file_id = id_or_null(file_id);
    r = put_event(recorder, &row, &open->seq);
    if (r)
        return r;
    return put_text(recorder, open->seq, entry->call, "entry", entry->text.state,
                    decode_span(entry->data, &entry->text));
}

static int write_late_return(struct recorder *recorder, const struct open_call *open, const struct return_record *ret)
{
    return store_insert(recorder->store, TABLE_CALL_RETURN,
                        (struct value[]){
                            value_integer(store_next_id(recorder->store, TABLE_CALL_RETURN)),
                            value_integer(open->seq),
                            value_integer(ret->value),
                            value_integer((int64_t)(ret->head.ns - open->ns)),
                        },
                        4);
}

/* The second reading is written where it says something that the first does not. */
static bool text_differs(const struct open_call *open, const struct return_record *ret)
{
    struct piece text = decode_span(ret->data, &ret->text);

    if (ret->text.state == READ_ABSENT)
        return false;
    if (open->text_state != ret->text.state || open->text_length != text.length)
        return true;
    return text.length && memcmp(open->text, text.at, text.length);
}

static int take_entry(struct recorder *recorder, const struct entry_record *entry, size_t size)
{
    struct piece text = decode_span(entry->data, &entry->text);
    struct open_call *open, *stale;
    int r;

    /* A thread is in one call at a time: an older one of the same number has ended without returning. */
    stale = find_open(recorder, entry->head.tid, 0);
    if (stale) {
        r = stale->seq ? 0 : write_call(recorder, stale, NULL);
        remove_open(recorder, stale);
        if (r)
            return r;
    }
    open = calloc(1, sizeof(*open));
    if (!open)
        return -ENOMEM;
    open->record = malloc(size);
    open->text = malloc(text.length ? text.length : 1);
    if (!open->record || !open->text) {
        free_open(open);
        return -ENOMEM;
    }
    memcpy(open->record, entry, size);
    if (text.length)
        memcpy(open->text, text.at, text.length);
    open->text_length = (uint32_t)text.length;
    open->text_state = entry->text.state;
    open->ns = entry->head.ns;
    open->tid = entry->head.tid;
    open->call = entry->call;
    open->call_id = ++recorder->last_call_id;
    open->next_in_bucket = *bucket_of(recorder, open->tid);
    *bucket_of(recorder, open->tid) = open;
    add_pending(recorder, open);
    return put_process(recorder, &entry->head, &entry->process, entry->data, &open->process_id);
}

static int take_return(struct recorder *recorder, const struct return_record *ret)
{
    struct open_call *open = find_open(recorder, ret->head.tid, ret->head.call_ns);
    int r;

    if (!open)
        return 0; /* its entry was lost, and counted */
    r = open->seq ? write_late_return(recorder, open, ret) : write_call(recorder, open, ret);
    if (!r && text_differs(open, ret))
        r = put_text(recorder, open->seq, open->call, "return", ret->text.state, decode_span(ret->data, &ret->text));
    remove_open(recorder, open);
    return r;
}

int recorder_write_pending(struct recorder *recorder, int64_t before_ns)
{
    int r = 0;

    while (!r && recorder->oldest && (int64_t)recorder->oldest->ns < before_ns) {
        struct open_call *open = recorder->oldest;

        r = write_call(recorder, open, NULL);
        leave_pending(recorder, open);
    }
    return r;
}

int64_t recorder_count_pending(const struct recorder *recorder)
{
    const struct open_call *open;
    int64_t count = 0;

    for (open = recorder->oldest; open; open = open->newer)
        count++;
    return count;
}

static int by_age(const void *left, const void *right)
{
    const struct open_call *a = *(struct open_call *const *)left, *b = *(struct open_call *const *)right;

    return a->ns < b->ns ? -1 : a->ns > b->ns;
}

/* All open calls, the oldest first. Returns how many, or -ENOMEM. */
static int64_t list_open(const struct recorder *recorder, struct open_call ***ret_calls)
{
    struct open_call *open, **calls;
    size_t count = 0, i;

    for (i = 0; i < OPEN_BUCKETS; i++)
        for (open = recorder->bucket[i]; open; open = open->next_in_bucket)
            count++;
    calls = calloc(count + 1, sizeof(calls[0]));
    if (!calls)
        return -ENOMEM;
    count = 0;
    for (i = 0; i < OPEN_BUCKETS; i++)
        for (open = recorder->bucket[i]; open; open = open->next_in_bucket)
            calls[count++] = open;
    qsort(calls, count, sizeof(calls[0]), by_age);
    *ret_calls = calls;
    return (int64_t)count;
}

int recorder_begin_part(struct recorder *recorder)
{
    struct cache *processes = cache_new(), *files = cache_new();
    struct open_call **calls = NULL;
    int64_t count = processes && files ? list_open(recorder, &calls) : -ENOMEM;
    int64_t i;
    int r = 0;

    if (count < 0) {
        cache_free(processes);
        cache_free(files);
        return (int)count;
    }
    cache_free(recorder->processes);
    cache_free(recorder->files);
    recorder->processes = processes;
    recorder->files = files;
    recorder->oldest = recorder->newest = NULL;
    for (i = 0; i < count; i++) {
        calls[i]->seq = 0;
        calls[i]->newer = NULL;
        add_pending(recorder, calls[i]);
    }
    for (i = 0; !r && i < count; i++)
        r = put_process(recorder, &calls[i]->record->head, &calls[i]->record->process, calls[i]->record->data,
                        &calls[i]->process_id);
    free(calls);
    return r;
}

int64_t recorder_oldest_pending(const struct recorder *recorder)
{
    return recorder->oldest ? (int64_t)recorder->oldest->ns : 0;
}

/* --- what the kernel does ---------------------------------------------------------------------------------------- */

static struct event_row row_of(struct recorder *recorder, const struct record_head *head, const char *kind)
{
    const struct open_call *open = head->call_ns ? find_open(recorder, head->tid, head->call_ns) : NULL;

    return (struct event_row){
        .ns = (int64_t)head->ns,
        .kind = kind,
        .call_id = open ? value_integer(open->call_id) : value_null(),
        .pid = value_integer(head->pid),
        .tid = value_integer(head->tid),
        .process_id = open ? value_integer(open->process_id) : value_null(),
    };
}

static struct value name_value(const char *name, uint32_t state)
{
    return state == READ_WHOLE ? value_any(name, strnlen(name, NAME_LIMIT)) : value_null();
}

static int take_module(struct recorder *recorder, const struct module_record *module)
{
    bool loads = module->head.kind == RECORD_MODULE_LOAD;
    struct event_row row = row_of(recorder, &module->head, loads ? "module_load" : "module_free");
    int64_t seq;
    int r;

    r = put_event(recorder, &row, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_MODULE_FACT,
                        (struct value[]){
                            value_integer(seq),
                            value_integer((int64_t)module->address),
                            value_any(module->name, strnlen(module->name, NAME_LIMIT)),
                            value_integer(module->state),
                            module->taints_known ? value_integer((int64_t)module->taints) : value_null(),
                            name_value(module->version, module->version_state),
                            name_value(module->srcversion, module->srcversion_state),
                            module->signature_ok <= 1 ? value_integer(module->signature_ok) : value_null(),
                            value_integer(module->parameter_count),
                            value_integer((int64_t)module->base),
                            value_integer(module->size),
                            id_or_null((int64_t)module->init_base),
                            module->init_base ? value_integer(module->init_size) : value_null(),
                        },
                        13);
}

static int take_request(struct recorder *recorder, const struct request_record *request)
{
    struct event_row row = row_of(recorder, &request->head, "module_request");
    int64_t seq, process_id;
    int r;

    r = put_process(recorder, &request->head, &request->process, request->data, &process_id);
    if (r)
        return r;
    row.process_id = value_integer(process_id);
    r = put_event(recorder, &row, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_REQUEST_FACT,
                        (struct value[]){
                            value_integer(seq),
                            value_any(request->name, strnlen(request->name, NAME_LIMIT)),
                            value_integer(request->wait),
                            value_integer((int64_t)request->caller_address),
                        },
                        4);
}

static int take_image(struct recorder *recorder, const struct image_record *image)
{
    struct event_row row = row_of(recorder, &image->head, "image_read");
    int64_t seq;
    int r;

    r = put_event(recorder, &row, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_IMAGE_FACT,
                        (struct value[]){
                            value_integer(seq),
                            value_text(image->source ? "load_data" : "read_file"),
                            value_integer(image->reading_id),
                            value_integer(image->size),
                            value_integer(0),
                            value_text("not-copied"),
                            value_null(),
                            value_null(),
                            value_null(),
                        },
                        9);
}

/* --- losses and the collector's own ------------------------------------------------------------------------------- */

int recorder_put_loss(struct recorder *recorder, const char *source, int64_t lost, int64_t from_ns, int64_t to_ns)
{
    struct event_row row = {.ns = from_ns, .kind = "loss"};
    int64_t seq;
    int r;

    recorder->lost += lost;
    r = put_event(recorder, &row, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_LOSS_FACT,
                        (struct value[]){value_integer(seq), value_text(source), value_integer(lost),
                                         value_integer(from_ns), value_integer(to_ns)},
                        5);
}

int recorder_take(struct recorder *recorder, const void *bytes, size_t size)
{
    const struct record_head *head;
    int64_t now;

    if (decode_record(bytes, size, &head)) {
        now = clock_boot_ns();
        return recorder_put_loss(recorder, "collector", 1, now, now);
    }
    switch (head->kind) {
    case RECORD_ENTRY:
        return take_entry(recorder, bytes, size);
    case RECORD_RETURN:
        return take_return(recorder, bytes);
    case RECORD_MODULE_LOAD:
    case RECORD_MODULE_FREE:
        return take_module(recorder, bytes);
    case RECORD_REQUEST:
        return take_request(recorder, bytes);
    default:
        return take_image(recorder, bytes);
    }
}

int recorder_take_losses(struct recorder *recorder, const volatile struct loss_counter *counters)
{
    static const char *const sources[LOSS_CAUSES] = {"ring-call", "ring-return", "ring-stage", "thread-table"};
    int64_t now = clock_boot_ns();
    size_t i;
    int r = 0;

    for (i = 0; !r && i < LOSS_CAUSES; i++) {
        uint64_t count = counters[i].count;
        int64_t last = (int64_t)counters[i].last_ns;

        if (count == recorder->seen_losses[i])
            continue;
        r = recorder_put_loss(recorder, sources[i], (int64_t)(count - recorder->seen_losses[i]),
                              recorder->losses_looked_at, last > recorder->losses_looked_at ? last : now);
        recorder->seen_losses[i] = count;
    }
    recorder->losses_looked_at = now;
    return r;
}

int recorder_take_recursion(struct recorder *recorder, uint64_t misses)
{
    int64_t now = clock_boot_ns();
    int r = 0;

    if (misses > recorder->seen_recursion)
        r = recorder_put_loss(recorder, "recursion", (int64_t)(misses - recorder->seen_recursion),
                              recorder->recursion_looked_at, now);
    recorder->seen_recursion = misses;
    recorder->recursion_looked_at = now;
    return r;
}

int recorder_put_own(struct recorder *recorder, const char *kind, int64_t ns, int64_t *ret_seq)
{
    return put_event(recorder, &(struct event_row){.ns = ns, .kind = kind}, ret_seq);
}

int recorder_put_clock(struct recorder *recorder, const struct clock_sample *sample)
{
    int64_t seq;
    int r;

    r = recorder_put_own(recorder, "clock", sample->boot_ns, &seq);
    if (r)
        return r;
    return store_insert(recorder->store, TABLE_CLOCK_FACT,
                        (struct value[]){value_integer(seq), value_integer(sample->boot_ns),
                                         value_integer(sample->wall_ns), value_integer(sample->uncertainty_ns)},
                        4);
}

struct recorder_counts recorder_count(const struct recorder *recorder)
{
    return (struct recorder_counts){
        .events = recorder->events, .calls = recorder->last_call_id, .lost = recorder->lost};
}
