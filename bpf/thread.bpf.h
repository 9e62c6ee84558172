/* SPDX-License-Identifier: MIT */
#include "runs.bpf.h"

/* A thread ends: its slot is free for another, and a call that it never returned from is not withheld any longer. */
static __always_inline int thread_ended(void)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    u32 tid = (u32)bpf_get_current_pid_tgid();
    struct open_call *open = bpf_map_lookup_elem(&open_calls, &tid);
    struct thread_calls *thread;
    u64 key = (u64)task;
    u32 slot = slot_of_task(task), i;

    if (open) {
        release_call(open);
        bpf_map_delete_elem(&open_calls, &tid);
    }
    if (!slot)
        return 0;
    slot--;
    thread = thread_of_slot(slot);
    if (!thread)
        return 0;
    for (i = 0; i < RUNS_PER_THREAD; i++) {
        send_run(&thread->run[i], run_number(slot, i));
        __builtin_memset(&thread->run[i], 0, sizeof(thread->run[i]));
    }
    thread->task = 0;
    bpf_map_delete_elem(&thread_slots, &key);
    bpf_map_push_elem(&free_slots, &slot, BPF_ANY);
    return 0;
}

SEC("raw_tp/sched_process_exit")
int thread_exit(u64 *context)
{
    return thread_ended();
}

/* No call comes from a thread that has come so far. */
SEC("kprobe/do_exit")
int thread_exit_kprobe(struct probe_context *context)
{
    return thread_ended();
}
