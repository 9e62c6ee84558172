/* SPDX-License-Identifier: MIT */
/* What the files of the recorder share, and nobody else: its state, and the parts that it is made of. */
#ifndef MODTRAIL_RECORDER_PARTS_H
#define MODTRAIL_RECORDER_PARTS_H

#include "cache.h"
#include "decode.h"
#include "recorder.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OPEN_BUCKETS 4096u
#define RUN_COUNT (THREAD_SLOTS * RUNS_PER_THREAD)

/* The process of calls, shared by those of a thread that are described once. */
struct caller {
    size_t users;
    int64_t ns; /* of the entry that described it */
    uint32_t pid;
    uint32_t part;      /* of the capture that `process_id` is of */
    int64_t process_id; /* 0: not written there */
    size_t size;
    struct process_record process; /* and its data */
};

/* A call that has not returned. */
struct open_call {
    struct open_call *next_in_bucket;
    struct open_call *older, *newer; /* calls without a row, by age */
    struct entry_record *record;
    size_t record_size;
    struct caller *caller;
    int64_t call_id;
    int64_t seq; /* 0: no row yet */
    /* What the kernel was handed as parameters, until the row is written. */
    uint8_t *kernel_text;
    uint32_t kernel_text_length;
    uint32_t kernel_text_state; /* READ_ABSENT: not known */
};

/* A call that a thread repeats, as it was when it was last recorded by itself. */
struct repeated_call {
    struct entry_record *record;
    size_t record_size;
    int64_t value;
    struct caller *caller;
    int64_t like_seq; /* 0: not written in this part of the capture */
    /* What has been written of calls that the kernel side still counts. */
    uint64_t taken_first_ns;
    uint64_t taken_count;
};

struct recorder {
    struct store *store;
    const struct recorder_setup *setup;
    struct cache *processes;
    struct cache *files;
    struct caller *caller[THREAD_SLOTS]; /* as the thread in that slot was last described */
    uint32_t part;                       /* grows whenever the rows so far are out of reach */
    struct open_call *bucket[OPEN_BUCKETS];
    struct open_call *oldest, *newest;
    struct repeated_call *run[RUN_COUNT];
    int64_t runs_watched_until;
    int64_t runs_flushed_at;
    struct images *images;
    int64_t last_call_id;
    struct recorder_counts counts;
    uint64_t seen_losses[LOSS_CAUSES];
    uint64_t seen_recursion;
    int64_t losses_looked_at;
    int64_t recursion_looked_at;
    uint8_t *scratch; /* a key for the caches */
    size_t scratch_size;
};

/* What an event row holds beside its number; zero-initialised values are NULL. */
struct event_row {
    int64_t ns;
    const char *kind;
    struct value call_id, pid, tid, process_id, file_id, arg0, arg1, arg2, compat, return_value, duration_ns;
    int64_t repeat; /* 0 stands for 1 */
    struct value first_ns, last_ns, like_seq;
};

int recorder_put_event(struct recorder *recorder, const struct event_row *row, int64_t *ret_seq);

/* A row's number, NULL for 0. */
struct value recorder_id(int64_t id);

/* An event within a call, as far as the call is known. */
int recorder_row_of(struct recorder *recorder, const struct record_head *head, const char *kind,
                    struct event_row *ret_row);

/* recorder-who.c: rows of files and processes, each written once. `ret_id` is 0 where there is no file. */
int recorder_put_file(struct recorder *recorder, const struct file_record *file, const uint8_t *data, int64_t *ret_id);
int recorder_put_process(struct recorder *recorder, uint32_t pid, const struct process_record *process,
                         int64_t *ret_id);

/* recorder-callers.c: NULL where memory or, for an entry that refers to another, that other one is missing. */
struct caller *recorder_caller_of(struct recorder *recorder, const struct entry_record *entry);
struct caller *recorder_keep_caller(struct caller *caller);
void recorder_drop_caller(struct caller *caller);
/* The number of its row in this part of the capture, written if it is not there. */
int recorder_put_caller(struct recorder *recorder, struct caller *caller, int64_t *ret_id);
void recorder_free_callers(struct recorder *recorder);

/* recorder-calls.c */
extern const char *const recorder_call_names[];
struct open_call *recorder_find_open(struct recorder *recorder, uint32_t tid, uint64_t ns);
/* Copies the record, and keeps the caller. */
int recorder_open_call(struct recorder *recorder, const struct entry_record *entry, size_t size, struct caller *caller,
                       struct open_call **ret_open);
int recorder_take_entry(struct recorder *recorder, const struct entry_record *entry, size_t size);
int recorder_take_return(struct recorder *recorder, const struct return_record *ret);
int recorder_take_parameters(struct recorder *recorder, const struct parameters_record *parameters);
int recorder_put_text(struct recorder *recorder, int64_t seq, uint32_t call, const char *phase, uint32_t state,
                      struct piece text);
int recorder_write_call(struct recorder *recorder, struct open_call *open, const struct return_record *ret);
int recorder_reopen_calls(struct recorder *recorder);
void recorder_free_calls(struct recorder *recorder);

/* recorder-runs.c */
int recorder_begin_run(struct recorder *recorder, uint32_t run, const struct open_call *open, int64_t value);
int recorder_take_like(struct recorder *recorder, const struct like_record *like);
int recorder_take_run(struct recorder *recorder, const struct run_record *run);
void recorder_forget_run_rows(struct recorder *recorder);
void recorder_free_runs(struct recorder *recorder);

/* images.c */
struct images *images_new(void);
void images_free(struct images *images);
int images_take_record(struct recorder *recorder, const struct image_record *record);
/* The rows of images that were written belong to another file now. */
void images_forget_rows(struct images *images);
/* Images of which the event has no row yet. */
int64_t images_count_pending(const struct images *images);

#endif
