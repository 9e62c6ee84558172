/* SPDX-License-Identifier: MIT */
/*
 * Runs: a thread that makes the same failing call again and again. After RUN_AFTER of them the further ones are counted
 * here and not sent, so that a flood costs neither the ring nor the capture anything, and no call is lost.
 *
 * A call that looks like those of a run is withheld at its entry. As soon as it does anything that they did not (another
 * result, other bytes, the kernel's own word about a module), it is sent after all, in the form of a like_record. While
 * it is withheld, the collector can see it in the thread's slot, and announces one that does not come back soon.
 */
#ifndef MODTRAIL_RUNS_BPF_H
#define MODTRAIL_RUNS_BPF_H

#include "file.bpf.h"
#include "hash.bpf.h"
#include "process.bpf.h"

static __always_inline struct thread_calls *thread_of_slot(u32 slot)
{
    return bpf_map_lookup_elem(&threads, &slot);
}

static __always_inline struct thread_calls *thread_of_call(const struct open_call *open)
{
    return open->thread ? thread_of_slot(open->thread - 1) : 0;
}

/* The slot of a task, 1 + its number; 0: none. */
static __always_inline u32 slot_of_task(struct task_struct *task)
{
    u64 key = (u64)task;
    u32 *slot = bpf_map_lookup_elem(&thread_slots, &key);

    return slot ? 1 + *slot : 0;
}

/* Gives a task a slot, if there is one left. */
static __always_inline u32 take_slot(struct task_struct *task)
{
    struct thread_calls *thread;
    u64 key = (u64)task, id = bpf_get_current_pid_tgid();
    u32 slot;

    if (bpf_map_pop_elem(&free_slots, &slot))
        return 0;
    thread = thread_of_slot(slot);
    if (!thread || bpf_map_update_elem(&thread_slots, &key, &slot, BPF_NOEXIST)) {
        bpf_map_push_elem(&free_slots, &slot, BPF_ANY);
        return 0;
    }
    thread->task = key;
    thread->tid = (u32)id;
    thread->pid = id >> 32;
    thread->failures = 0;
    thread->caller_ns = 0;
    return 1 + slot;
}

/*
 * What tells one caller from another. Its arguments lie in its own memory, so they are read each time; the names of its
 * parents and of its cgroup, and the times and links of its program, are not.
 */
static __always_inline u64 hash_caller(struct task_struct *task)
{
    const struct cred *cred = BPF_CORE_READ(task, cred);
    struct scratch *s = scratch_of_cpu(SCRATCH_CALLER);
    u64 comm[2] = {}, hash = hash_seed;
    struct span arguments;

    if (s) {
        s->used = 0;
        put_user_bytes(s, s->record, &arguments, BPF_CORE_READ(task, mm, arg_start), BPF_CORE_READ(task, mm, arg_end));
        hash = hash_text(s->record, &arguments);
    }
    bpf_get_current_comm(comm, sizeof(comm));
    hash = mix(hash, comm[0]);
    hash = mix(hash, comm[1]);
    hash = mix(hash, (u64)cred);
    hash = mix(hash, (u64)BPF_CORE_READ(cred, uid.val) << 32 | BPF_CORE_READ(cred, euid.val));
    hash = mix(hash, (u64)BPF_CORE_READ(cred, gid.val) << 32 | BPF_CORE_READ(cred, egid.val));
    hash = mix(hash, READ_CAPABILITIES(cred, cap_effective));
    hash = mix(hash, (u64)BPF_CORE_READ(task, nsproxy));
    hash = mix(hash, bpf_get_current_cgroup_id());
    hash = mix(hash, BPF_CORE_READ(task, self_exec_id));
    return mix(hash, BPF_CORE_READ(task, real_parent, tgid)) | 1;
}

static __always_inline u64 hash_file(u64 hash, struct file *file)
{
    struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
    struct inode *inode = BPF_CORE_READ(file, f_inode);
    struct file_record times;

    put_modification_time(&times, inode);
    hash = mix(hash, (u64)file);
    hash = mix(hash, (u64)inode);
    hash = mix(hash, BPF_CORE_READ(inode, i_ino));
    hash = mix(hash, BPF_CORE_READ(inode, i_size));
    hash = mix(hash, (u64)BPF_CORE_READ(inode, i_nlink) << 32 | BPF_CORE_READ(file, f_flags));
    hash = mix(hash, times.mtime_seconds);
    hash = mix(hash, times.mtime_nanoseconds);
    hash = mix(hash, (u64)dentry);
    hash = mix(hash, (u64)BPF_CORE_READ(dentry, d_parent));
    return mix(hash, BPF_CORE_READ(dentry, d_name.hash_len));
}

/* Of a call whose text is in the record already. */
static __always_inline u64 identity_of(const struct entry_record *entry, u64 text, u64 caller, struct file *file)
{
    u64 hash = mix(text, caller);

    hash = mix(hash, (u64)entry->call << 32 | entry->compat);
    hash = mix(hash, entry->argument[0]);
    hash = mix(hash, entry->argument[1]);
    hash = mix(hash, entry->argument[2]);
    if (file)
        hash = hash_file(hash, file);
    return hash | 1;
}

/* 1 + index of the run with that identity, 0: none. */
static __always_inline u32 find_run(const struct thread_calls *thread, u64 identity)
{
    u32 i;

    for (i = 0; i < RUNS_PER_THREAD; i++) {
        if (thread->run[i].identity == identity)
            return 1 + i;
    }
    return 0;
}

static __always_inline u32 oldest_run(const struct thread_calls *thread)
{
    u32 i, oldest = 0;
    u64 oldest_ns = thread->run[0].last_ns;

    for (i = 1; i < RUNS_PER_THREAD; i++) {
        if (thread->run[i].last_ns < oldest_ns) {
            oldest = i;
            oldest_ns = thread->run[i].last_ns;
        }
    }
    return oldest;
}

/* Number of a run for the collector. `slot` and `index` begin at 0. */
static __always_inline u32 run_number(u32 slot, u32 index)
{
    return slot * RUNS_PER_THREAD + index;
}

/* Sends what was only counted. Without room the calls are lost, and counted as that. */
static __always_inline void send_run(struct run *run, u32 number)
{
    struct run_record *record;

    if (!run->count)
        return;
    record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (record) {
        fill_head(&record->head, RECORD_RUN);
        record->head.call_ns = run->like_ns;
        record->count = run->count;
        record->first_ns = run->first_ns;
        record->last_ns = run->last_ns;
        record->run = number;
        record->reserved = 0;
        bpf_ringbuf_submit(record, 0);
    } else {
        count_losses(LOSS_CALL, run->count);
    }
    run->count = 0;
}

static __always_inline void count_call(struct run *run, u32 number, u64 ns)
{
    if (run->flush) {
        run->flush = 0;
        send_run(run, number);
    }
    if (!run->count)
        run->first_ns = ns;
    run->last_ns = ns;
    run->count++;
}

/* Whether a call of that identity is only to be counted, as far as its entry shows. */
static __always_inline bool is_repeated(struct run *run, u32 number, u64 ns)
{
    if (run->seen < RUN_AFTER)
        return false;
    if (ns - run->last_ns < RUN_GAP_NS)
        return true;
    send_run(run, number);
    run->seen = 0;
    return false;
}

/* Sends a withheld call after all. Returns false where there was no room: the call is lost, and no longer open. */
static __always_inline bool release_call(struct open_call *open)
{
    struct thread_calls *thread;
    struct like_record *record;
    u32 slot = open->thread - 1, index = (open->run - 1) & (RUNS_PER_THREAD - 1);
    u32 tid = (u32)bpf_get_current_pid_tgid();

    if (!(open->flags & OPEN_WITHHELD))
        return true;
    open->flags &= ~OPEN_WITHHELD;
    thread = thread_of_slot(slot);
    record = thread ? bpf_ringbuf_reserve(&ring, sizeof(*record), 0) : 0;
    if (thread)
        thread->withheld_ns = 0;
    if (!record) {
        count_loss(LOSS_CALL);
        bpf_map_delete_elem(&open_calls, &tid);
        return false;
    }
    fill_head(&record->head, RECORD_LIKE);
    record->head.ns = record->head.call_ns = open->ns;
    record->like_ns = thread->run[index].like_ns;
    record->run = run_number(slot, index);
    record->reserved = 0;
    bpf_ringbuf_submit(record, 0);
    return true;
}

/* The call that the current thread is in; NULL if none is known, or it is lost. */
static __always_inline struct open_call *recorded_call(void)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    struct open_call *open = bpf_map_lookup_elem(&open_calls, &tid);

    return open && !(open->flags & OPEN_LOST) ? open : 0;
}

/*
 * The call that the current thread is in, for hooks that tell what the kernel does in it: from here on it is like no
 * other. NULL if none is known.
 */
static __always_inline struct open_call *current_call(void)
{
    struct open_call *open = recorded_call();

    if (!open || !release_call(open))
        return 0;
    open->flags |= OPEN_UNLIKE;
    return open;
}

static __always_inline u64 current_call_ns(void)
{
    struct open_call *open = current_call();

    return open ? open->ns : 0;
}

/* Whether the current thread has had nothing but failing calls for a while. */
static __always_inline bool is_suspicious(const struct open_call *open)
{
    struct thread_calls *thread = open ? thread_of_call(open) : 0;

    return thread && thread->failures >= SUSPICIOUS_AFTER;
}

/*
 * A withheld call has returned. Returns whether it was like the others of its run to the end, and is counted. The
 * collector may be announcing it at this moment: one of the two sees the other's word.
 */
static __always_inline bool count_if_alike(struct open_call *open, s64 value, u64 return_text)
{
    struct thread_calls *thread = thread_of_slot(open->thread - 1);
    u32 index = (open->run - 1) & (RUNS_PER_THREAD - 1);
    struct run *run;

    if (!thread)
        return false;
    run = &thread->run[index];
    thread->withheld_ns = 0;
    __sync_fetch_and_add(&thread->fence, 1); /* orders the one before the next */
    if (*(volatile u64 *)&thread->announced_ns == open->ns || value != run->value || return_text != run->return_text ||
        !run->image != !(open->flags & OPEN_SAME_IMAGE))
        return false;
    count_call(run, run_number(open->thread - 1, index), open->ns);
    return true;
}

/*
 * What a call that was recorded by itself means for the thread's runs. Returns 1 + the number of the run that begins
 * with it, 0 where none does.
 */
static __always_inline u32 remember_call(struct open_call *open, s64 value, u64 return_text)
{
    struct thread_calls *thread;
    struct run *run;
    u32 index, number;

    if (value >= 0) {
        thread = thread_of_call(open);
        if (thread)
            thread->failures = 0;
        return 0;
    }
    if (!open->thread) {
        take_slot((void *)bpf_get_current_task());
        return 0;
    }
    thread = thread_of_slot(open->thread - 1);
    if (!thread)
        return 0;
    thread->failures++;
    if (!open->identity || (open->flags & OPEN_UNLIKE))
        return 0;
    index = (open->run ? open->run - 1 : oldest_run(thread)) & (RUNS_PER_THREAD - 1);
    number = run_number(open->thread - 1, index);
    run = &thread->run[index];
    if (run->identity != open->identity || run->value != value || run->return_text != return_text ||
        run->image != open->image) {
        send_run(run, number);
        run->identity = open->identity;
        run->value = value;
        run->return_text = return_text;
        run->image = open->image;
        run->seen = 0;
    }
    if (run->seen >= RUN_AFTER) /* released at its return: the run goes on with the record that it has */
        return 0;
    run->last_ns = open->ns;
    if (++run->seen < RUN_AFTER)
        return 0;
    run->like_ns = open->ns;
    return 1 + number;
}

#endif
