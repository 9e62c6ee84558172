/* SPDX-License-Identifier: MIT */
#include "recorder-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct recorder *recorder_new(struct store *store, const struct recorder_setup *setup)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));

    if (!recorder)
        return NULL;
    recorder->store = store;
    recorder->setup = setup;
    recorder->processes = cache_new();
    recorder->files = cache_new();
    recorder->images = images_new();
    recorder->scratch_size = sizeof(struct process_record) + sizeof(int64_t) + DATA_SIZE;
    recorder->scratch = malloc(recorder->scratch_size);
    recorder->losses_looked_at = recorder->recursion_looked_at = clock_boot_ns();
    if (!recorder->processes || !recorder->files || !recorder->images || !recorder->scratch) {
        recorder_free(recorder);
        return NULL;
    }
    return recorder;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    recorder_free_calls(recorder);
    recorder_free_runs(recorder);
    recorder_free_callers(recorder);
    images_free(recorder->images);
    cache_free(recorder->processes);
    cache_free(recorder->files);
    free(recorder->scratch);
    free(recorder);
}

int recorder_forget_rows(struct recorder *recorder)
{
    struct cache *processes = cache_new(), *files = cache_new();

    if (!processes || !files) {
        cache_free(processes);
        cache_free(files);
        return -ENOMEM;
    }
    cache_free(recorder->processes);
    cache_free(recorder->files);
    recorder->processes = processes;
    recorder->files = files;
    recorder->part++;
    recorder_forget_run_rows(recorder);
    images_forget_rows(recorder->images);
    return 0;
}

int recorder_begin_part(struct recorder *recorder)
{
    int r = recorder_forget_rows(recorder);

    return r ? r : recorder_reopen_calls(recorder);
}

int recorder_put_event(struct recorder *recorder, const struct event_row *row, int64_t *ret_seq)
{
    int64_t seq = store_next_id(recorder->store, TABLE_EVENT);

    if (ret_seq)
        *ret_seq = seq;
    recorder->counts.events++;
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
                            value_integer(row->repeat ? row->repeat : 1),
                            row->first_ns,
                            row->last_ns,
                            row->like_seq,
                        },
                        18);
}

struct value recorder_id(int64_t id)
{
    return id ? value_integer(id) : value_null();
}

int recorder_row_of(struct recorder *recorder, const struct record_head *head, const char *kind,
                    struct event_row *ret_row)
{
    const struct open_call *open = head->call_ns ? recorder_find_open(recorder, head->tid, head->call_ns) : NULL;
    int64_t process_id = 0;
    int r = open ? recorder_put_caller(recorder, open->caller, &process_id) : 0;

    *ret_row = (struct event_row){
        .ns = (int64_t)head->ns,
        .kind = kind,
        .call_id = open ? value_integer(open->call_id) : value_null(),
        .pid = value_integer(head->pid),
        .tid = value_integer(head->tid),
        .process_id = recorder_id(process_id),
    };
    return r;
}

/* --- what the kernel does ---------------------------------------------------------------------------------------- */

static struct value name_value(const char *name, uint32_t state)
{
    return state == READ_WHOLE ? value_any(name, strnlen(name, NAME_LIMIT)) : value_null();
}

static int take_module(struct recorder *recorder, const struct module_record *module)
{
    bool loads = module->head.kind == RECORD_MODULE_LOAD;
    struct event_row row;
    int64_t seq;
    int r;

    r = recorder_row_of(recorder, &module->head, loads ? "module_load" : "module_free", &row);
    if (!r)
        r = recorder_put_event(recorder, &row, &seq);
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
                            recorder_id((int64_t)module->init_base),
                            module->init_base ? value_integer(module->init_size) : value_null(),
                        },
                        13);
}

static int take_request(struct recorder *recorder, const struct request_record *request)
{
    struct event_row row;
    int64_t seq, process_id;
    int r;

    r = recorder_row_of(recorder, &request->head, "module_request", &row);
    if (!r)
        r = recorder_put_process(recorder, request->head.pid, (const void *)request->data, &process_id);
    if (r)
        return r;
    row.process_id = value_integer(process_id);
    r = recorder_put_event(recorder, &row, &seq);
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

/* --- losses and the collector's own ------------------------------------------------------------------------------- */

int recorder_put_loss(struct recorder *recorder, const char *source, int64_t lost, int64_t from_ns, int64_t to_ns)
{
    struct event_row row = {.ns = from_ns, .kind = "loss"};
    int64_t seq;
    int r;

    recorder->counts.lost += lost;
    r = recorder_put_event(recorder, &row, &seq);
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

    if (decode_record(bytes, size, &head) || head->kind == RECORD_CHUNK) {
        now = clock_boot_ns();
        return recorder_put_loss(recorder, "collector", 1, now, now);
    }
    switch (head->kind) {
    case RECORD_ENTRY:
        return recorder_take_entry(recorder, bytes, size);
    case RECORD_RETURN:
        return recorder_take_return(recorder, bytes);
    case RECORD_MODULE_LOAD:
    case RECORD_MODULE_FREE:
        return take_module(recorder, bytes);
    case RECORD_REQUEST:
        return take_request(recorder, bytes);
    case RECORD_PARAMETERS:
        return recorder_take_parameters(recorder, bytes);
    case RECORD_RUN:
        return recorder_take_run(recorder, bytes);
    case RECORD_LIKE:
        return recorder_take_like(recorder, bytes);
    default:
        return images_take_record(recorder, bytes);
    }
}

int recorder_take_losses(struct recorder *recorder, const volatile struct loss_counter *counters)
{
    static const char *const sources[LOSS_CAUSES] = {"ring-call", "ring-return", "ring-stage", "ring-image",
                                                     "thread-table"};
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
    return recorder_put_event(recorder, &(struct event_row){.ns = ns, .kind = kind}, ret_seq);
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
    return recorder->counts;
}
