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
#define MODULE_ARGS_LIMIT 1024u

/* Room for `data` that offsets may start in, and what one piece may reach beyond it. */
#define DATA_MASK 0x7fffu
#define DATA_SLACK 8192u
#define DATA_SIZE (DATA_MASK + 1u + DATA_SLACK)

enum record_kind {
    RECORD_ENTRY = 1,
    RECORD_RETURN = 2,
    RECORD_MODULE_LOAD = 3,
    RECORD_MODULE_FREE = 4,
    RECORD_REQUEST = 5,
    RECORD_IMAGE = 6,
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
    SCRATCH_USES = 3,
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
};

struct entry_record {
    struct record_head head;
    u64 argument[3]; /* registers as passed */
    u32 call;        /* enum call_kind */
    u32 compat;      /* a 32-bit caller */
    struct span text;
    u32 reserved;
    struct file_record file;
    struct process_record process;
    u8 data[];
};

struct return_record {
    struct record_head head;
    s64 value;
    struct span text; /* the text argument, read again */
    u32 reserved;
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
    struct process_record process;
    u8 data[];
};

struct image_record {
    struct record_head head;
    s64 size;
    u32 source; /* 0: a file was read, 1: a caller's memory was copied */
    s32 reading_id;
};

/* One cause of loss. `count` only grows. */
struct loss_counter {
    u64 count;
    u64 last_ns;
};

enum loss_cause {
    LOSS_CALL = 0,    /* the ring had no room for a call */
    LOSS_RETURN = 1,  /* the ring had no room for the return of a call that is recorded */
    LOSS_STAGE = 2,   /* the ring had no room for a module_load, module_free, module_request or image_read */
    LOSS_THREADS = 3, /* too many threads in a call at once */
    LOSS_CAUSES = 4,
};

_Static_assert(sizeof(struct span) == 12, "span");
_Static_assert(sizeof(struct record_head) == 32, "record_head");
_Static_assert(sizeof(struct file_record) == 96, "file_record");
_Static_assert(sizeof(struct ancestor_record) == 32, "ancestor_record");
_Static_assert(sizeof(struct process_record) == 240, "process_record");
_Static_assert(sizeof(struct entry_record) == 416, "entry_record");
_Static_assert(sizeof(struct return_record) == 56, "return_record");
_Static_assert(sizeof(struct module_record) == 288, "module_record");
_Static_assert(sizeof(struct request_record) == 352, "request_record");
_Static_assert(sizeof(struct image_record) == 48, "image_record");

#endif
