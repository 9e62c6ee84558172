/* SPDX-License-Identifier: MIT */
/*
 * What the kernel side sends to the collector: one layout for both, checked below.
 *
 * A record is a fixed head, followed by `data`, which holds what varies in length. A `span` in the head says where in
 * `data` a piece lies. Records are as long as what they hold; nothing is padded to a maximum.
 */
#ifndef MODTRAIL_RECORDS_H
#define MODTRAIL_RECORDS_H

#ifdef __bpf__
#include "kernel.h"
#else
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#endif

/* Longest texts that are kept whole, in bytes. docs/capture-format.md and the capture itself name them. */
#define TEXT_LIMIT 4096u
#define PATH_LIMIT 4096u
#define PATH_COMPONENT_LIMIT 128u
#define ARGV_LIMIT 4096u
#define CGROUP_COMPONENT_LIMIT 24u
#define ANCESTOR_LIMIT 64u
#define NAME_LIMIT 64u

/* An image's bytes travel in records of fixed room, the smallest that holds what is left. */
#define CHUNK_SIZE 131072u
#define CHUNK_MEDIUM 32768u
#define CHUNK_SMALL 4096u
#define CHUNK_LIMIT 1024u /* records of full size that one image may take */

/*
 * Identical failing calls of a thread: so many are recorded one by one, the rest are counted, as long as no second
 * passes between two of them.
 */
#define THREAD_SLOTS 1024u
#define RUNS_PER_THREAD 4u
#define RUN_AFTER 8u
#define RUN_GAP_NS 1000000000ull
#define CALLER_GAP_NS 1000000000ull /* after which a thread's process is described anew */
#define SUSPICIOUS_AFTER 8u         /* failing calls in a row, after which a thread may not fill the buffers */
#define HASHED_IMAGE_LIMIT 65536u   /* longer images are never taken for identical */

/* Room for `data` that offsets may start in, and what one piece may reach beyond it. */
#define DATA_MASK 0x7fffu
#define DATA_SLACK 8192u
#define DATA_SIZE (DATA_MASK + 1u + DATA_SLACK)
#define PROCESS_OFFSET_MASK 0x3ff8u /* where a process may begin in the data of another record */
#define RECORD_DATA_SIZE (PROCESS_OFFSET_MASK + 256u + DATA_SIZE)

enum record_kind {
    RECORD_ENTRY = 1,
    RECORD_RETURN = 2,
    RECORD_MODULE_LOAD = 3,
    RECORD_MODULE_FREE = 4,
    RECORD_REQUEST = 5,
    RECORD_IMAGE = 6,
    RECORD_PARAMETERS = 7,
    RECORD_RUN = 8,
    RECORD_LIKE = 9,
    RECORD_CHUNK = 10, /* the only kind in the ring for images */
};

enum call_kind {
    CALL_FINIT_MODULE = 0,
    CALL_INIT_MODULE = 1,
    CALL_DELETE_MODULE = 2,
};

/* Kinds of programs that build records in a slot of the CPU, each with slots of its own. */
enum scratch_use {
    SCRATCH_ENTRY = 0,
    SCRATCH_RETURN = 1,
    SCRATCH_REQUEST = 2,
    SCRATCH_PARAMETERS = 3,
    SCRATCH_IMAGE = 4,
    SCRATCH_CALLER = 5,
    SCRATCH_USES = 6,
};

/* Beside enum call_kind, for the probe that sees all calls: a 32-bit caller's entry function. */
#define CALL_COOKIE_COMPAT 0x100u

enum read_state {
    READ_ABSENT = 0,
    READ_WHOLE = 1,
    READ_CUT = 2,
    READ_UNREADABLE = 3,
    READ_NULL = 4,
};

/* A piece of `data`. Unused where state is absent, unreadable or null. */
struct span {
    u32 offset;
    u32 length;
    u32 state; /* enum read_state */
};

struct record_head {
    u32 kind; /* enum record_kind */
    u32 pid;  /* thread group */
    u32 tid;
    u32 data_length;
    u64 ns;      /* CLOCK_BOOTTIME */
    u64 call_ns; /* entry of the call that this thread is in; with tid it names the call. 0: in no known call */
};

/* A file as the kernel sees it. `path` holds the components from leaf to root, each ended by NUL. */
struct file_record {
    u64 inode;
    u64 size;
    s64 mtime_seconds;
    u64 fs_magic;
    u32 mtime_nanoseconds;
    u32 device; /* the kernel's dev_t: major << 20 | minor */
    u32 links;
    u32 mode;
    u32 uid;
    u32 gid;
    u32 open_flags;
    u32 present;
    struct span path;
    u32 components;
    char fs_name[16];
};

struct ancestor_record {
    u64 start_ns;
    u32 pid;
    u32 uid;
    char comm[16];
};

/* A process and, after it, what the spans in it mean: bytes that can be moved as one. */
struct process_record {
    u64 start_ns;
    u64 cap_effective;
    u64 cap_permitted;
    u64 cap_bounding;
    u64 cgroup_id;
    u32 parent_pid;
    u32 uid;
    u32 gid;
    u32 euid;
    u32 egid;
    u32 login_uid; /* 4294967295: never set */
    u32 session_id;
    u32 has_audit;
    u32 pid_in_ns;
    u32 mnt_ns;
    u32 pid_ns;
    u32 net_ns;
    u32 user_ns;
    char comm[16];
    struct span argv;      /* NUL between arguments */
    struct span cgroup;    /* kernfs names from leaf to root, each ended by NUL */
    struct span ancestors; /* struct ancestor_record, from the parent upwards */
    struct file_record exe;
    u8 data[];
};

struct entry_record {
    struct record_head head;
    u64 argument[3]; /* registers as passed */
    u32 call;        /* enum call_kind */
    u32 compat;      /* a 32-bit caller */
    struct span text;
    u32 thread;          /* 1 + the thread's slot, 0: none */
    struct span process; /* struct process_record, at a multiple of 8; absent: it is as in the thread's entry ... */
    u32 reserved;
    u64 caller_ns; /* ... of that time, less than CALLER_GAP_NS ago, as far as hash_caller tells */
    struct file_record file;
    u8 data[];
};

struct return_record {
    struct record_head head;
    s64 value;
    struct span text; /* the text argument, read again; absent where a thread with a slot has the same as before */
    u32 run;          /* 1 + number of the run that begins here: further calls like this one are counted; 0: none */
    u8 data[];
};

struct module_record {
    struct record_head head;
    u64 address;
    u64 base;
    u64 init_base;
    u64 taints;
    u32 state;
    u32 size;
    u32 init_size;
    u32 parameter_count;
    u32 signature_ok; /* 2: this kernel does not say */
    u32 taints_known;
    char name[NAME_LIMIT];
    char version[NAME_LIMIT];
    char srcversion[NAME_LIMIT];
    u32 version_state; /* enum read_state */
    u32 srcversion_state;
};

struct request_record {
    struct record_head head;
    u64 caller_address;
    u32 wait;
    u32 name_state;
    char name[NAME_LIMIT];
    u8 data[]; /* struct process_record */
};

/* What the kernel was handed to set the module's parameters from (parse_args), before it takes the text apart. */
struct parameters_record {
    struct record_head head;
    struct span text;
    u32 reserved;
    u8 data[];
};

/* Sent after the chunks that hold the image's bytes. */
struct image_record {
    struct record_head head; /* ns and tid name the image */
    s64 size;
    u64 sent;   /* bytes in chunks */
    u32 source; /* 0: a file was read, 1: a caller's memory was copied */
    s32 reading_id;
    u32 is_unpacked; /* the same module after the kernel has unpacked it: not copied */
    u32 reserved;
};

struct chunk_record {
    struct record_head head; /* ns: the image's; data_length: bytes that count */
    u64 size;                /* of the whole image */
    u64 offset;
    u8 data[];
};

/* Calls that were counted and not recorded one by one. */
struct run_record {
    struct record_head head; /* call_ns: the call that they are like */
    u64 count;
    u64 first_ns; /* entries of the first and the last */
    u64 last_ns;
    u32 run;
    u32 reserved;
};

/* A call that began like those of a run and then took another way: in place of its entry. */
struct like_record {
    struct record_head head; /* ns, call_ns: its entry */
    u64 like_ns;             /* entry of the call whose record holds for this one */
    u32 run;
    u32 reserved;
};

/* One call that a thread repeats. Written by that thread only, but for `flush`. */
struct run {
    u64 identity;    /* hash of call, arguments, text, file and process; 0: unused */
    u64 like_ns;     /* entry of the last call that was recorded by itself */
    u64 return_text; /* hash of the text as it was at return */
    u64 image;       /* hash of the image's bytes, 0: none was read */
    s64 value;
    u64 count; /* calls since first_ns that were only counted */
    u64 first_ns;
    u64 last_ns;
    u32 seen;  /* identical ones in a row that were recorded by themselves */
    u32 flush; /* the collector asks for a run_record with the next call */
};

/* A thread with failing calls. Shared memory: the collector looks at it without a system call. */
struct thread_calls {
    u64 withheld_ns;  /* entry of the call that it is in, if that is not recorded yet; 0: none */
    u64 announced_ns; /* by the collector: this one is in the capture already */
    u64 fence;
    u64 task;
    u64 caller;    /* hash of the process in the last entry that described it */
    u64 caller_ns; /* that entry; 0: none */
    u32 tid;
    u32 pid;
    u32 withheld_run;
    u32 failures; /* in a row */
    struct run run[RUNS_PER_THREAD];
};

/* One cause of loss. `count` only grows. */
struct loss_counter {
    u64 count;
    u64 last_ns;
};

enum loss_cause {
    LOSS_CALL = 0,   /* the ring had no room for a call */
    LOSS_RETURN = 1, /* the ring had no room for the return of a call that is recorded */
    LOSS_STAGE = 2,  /* the ring had no room for a module_load, module_free, module_request, image_read or parameters */
    LOSS_IMAGE = 3,  /* the ring for images had no room for all bytes of one */
    LOSS_THREADS = 4, /* too many threads in a call at once */
    LOSS_CAUSES = 5,
};

_Static_assert(sizeof(struct span) == 12, "span");
_Static_assert(sizeof(struct record_head) == 32, "record_head");
_Static_assert(sizeof(struct file_record) == 96, "file_record");
_Static_assert(sizeof(struct ancestor_record) == 32, "ancestor_record");
_Static_assert(sizeof(struct process_record) == 240, "process_record");
_Static_assert(sizeof(struct entry_record) == 200, "entry_record");
_Static_assert(sizeof(struct return_record) == 56, "return_record");
_Static_assert(sizeof(struct module_record) == 288, "module_record");
_Static_assert(sizeof(struct request_record) == 112, "request_record");
_Static_assert(sizeof(struct parameters_record) == 48, "parameters_record");
_Static_assert(sizeof(struct image_record) == 64, "image_record");
_Static_assert(sizeof(struct chunk_record) == 48, "chunk_record");
_Static_assert(sizeof(struct run_record) == 64, "run_record");
_Static_assert(sizeof(struct like_record) == 48, "like_record");
_Static_assert(sizeof(struct run) == 72, "run");
_Static_assert(sizeof(struct thread_calls) == 352, "thread_calls");

#endif
