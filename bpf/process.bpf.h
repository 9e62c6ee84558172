/* SPDX-License-Identifier: MIT */
/* Who: the current process, its program, its arguments, and its parents up to the first process. */
#ifndef MODTRAIL_PROCESS_BPF_H
#define MODTRAIL_PROCESS_BPF_H

#include "file.bpf.h"
#include "maps.bpf.h"
#include "text.bpf.h"

#define READ_CAPABILITIES(cred, field)                                                                                 \
    ({                                                                                                                 \
        u64 set = 0;                                                                                                   \
        bpf_probe_read_kernel(&set, sizeof(set), (const void *)(cred) + bpf_core_field_offset(struct cred, field));    \
        set;                                                                                                           \
    })

static __always_inline void put_namespaces(struct process_record *record, struct task_struct *task)
{
    struct pid *pid = BPF_CORE_READ(task, thread_pid);
    u32 level = BPF_CORE_READ(pid, level);
    struct upid inside = {};
    const void *numbers = (const void *)pid + bpf_core_field_offset(struct pid, numbers);

    record->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
    record->net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
    record->user_ns = BPF_CORE_READ(task, cred, user_ns, ns.inum);
    bpf_probe_read_kernel(&inside, sizeof(inside), numbers + (u64)level * bpf_core_type_size(struct upid));
    record->pid_ns = BPF_CORE_READ(inside.ns, ns.inum);
    /* The thread's number there; the process's own is its leader's. */
    pid = BPF_CORE_READ(task, group_leader, thread_pid);
    numbers = (const void *)pid + bpf_core_field_offset(struct pid, numbers);
    bpf_probe_read_kernel(&inside, sizeof(inside), numbers + (u64)level * bpf_core_type_size(struct upid));
    record->pid_in_ns = inside.nr;
}

static __always_inline void put_cgroup(struct scratch *s, u8 *data, struct process_record *record,
                                       struct task_struct *task)
{
    struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
    volatile u32 *used = &s->used;
    u32 start = *used & DATA_MASK;
    u32 i;

    record->cgroup_id = bpf_get_current_cgroup_id();
    record->cgroup.offset = start;
    record->cgroup.length = 0;
    record->cgroup.state = READ_ABSENT;
    if (!node)
        return;
    record->cgroup.state = READ_CUT;
    for (i = 0; i < CGROUP_COMPONENT_LIMIT; i++) {
        struct kernfs_node___upto614 *upto614 = (void *)node;
        struct kernfs_node___later *later = (void *)node;
        const char *name = BPF_CORE_READ(node, name);
        u32 offset = *used & DATA_MASK;
        long got;

        if (bpf_core_field_exists(upto614->parent))
            node = BPF_CORE_READ(upto614, parent);
        else
            node = BPF_CORE_READ(later, __parent);
        if (!node) {
            record->cgroup.state = READ_WHOLE; /* the root's own name is empty */
            break;
        }
        got = bpf_probe_read_kernel_str(data + offset, 256, name);
        if (got <= 0)
            break;
        *used = offset + (u32)got;
    }
    record->cgroup.length = *used - start;
}

static __noinline int put_ancestors(struct scratch *s, u8 *data, struct process_record *record,
                                    struct task_struct *task)
{
    volatile u32 *used = &s->used;
    u32 start = (*used + 7) & DATA_MASK & ~7u;
    u32 i;

    *used = start;
    record->ancestors.offset = start;
    record->ancestors.state = READ_CUT;
    for (i = 0; i < ANCESTOR_LIMIT; i++) {
        struct ancestor_record *ancestor;
        u32 offset = *used & DATA_MASK;
        u32 pid;

        task = BPF_CORE_READ(task, real_parent, group_leader);
        pid = BPF_CORE_READ(task, tgid);
        if (!pid) { /* above the first process and the kernel's own there is only the idle task */
            record->ancestors.state = READ_WHOLE;
            break;
        }
        ancestor = (void *)(data + offset);
        ancestor->pid = pid;
        ancestor->uid = BPF_CORE_READ(task, cred, uid.val);
        ancestor->start_ns = BPF_CORE_READ(task, start_boottime);
        bpf_probe_read_kernel(ancestor->comm, sizeof(ancestor->comm),
                              (const void *)task + bpf_core_field_offset(struct task_struct, comm));
        *used = offset + sizeof(*ancestor);
        if (pid == 1) {
            record->ancestors.state = READ_WHOLE;
            break;
        }
    }
    record->ancestors.length = *used - start;
    return 0;
}

/* At `record`, and its pieces right after it. Returns the bytes of both. */
static __always_inline u32 put_process(struct scratch *s, struct process_record *record, struct task_struct *task)
{
    const struct cred *cred = BPF_CORE_READ(task, cred);
    struct task_struct___audit *audit = (void *)task;
    struct file *exe = BPF_CORE_READ(task, mm, exe_file);
    u8 *data = record->data;

    s->used = 0;
    record->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
    record->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
    record->uid = BPF_CORE_READ(cred, uid.val);
    record->gid = BPF_CORE_READ(cred, gid.val);
    record->euid = BPF_CORE_READ(cred, euid.val);
    record->egid = BPF_CORE_READ(cred, egid.val);
    record->cap_effective = READ_CAPABILITIES(cred, cap_effective);
    record->cap_permitted = READ_CAPABILITIES(cred, cap_permitted);
    record->cap_bounding = READ_CAPABILITIES(cred, cap_bset);
    record->has_audit = bpf_core_field_exists(audit->loginuid);
    if (record->has_audit) {
        record->login_uid = BPF_CORE_READ(audit, loginuid.val);
        record->session_id = BPF_CORE_READ(audit, sessionid);
    } else {
        record->login_uid = 0;
        record->session_id = 0;
    }
    bpf_get_current_comm(record->comm, sizeof(record->comm));
    put_namespaces(record, task);
    put_user_bytes(s, data, &record->argv, BPF_CORE_READ(task, mm, arg_start), BPF_CORE_READ(task, mm, arg_end));
    put_cgroup(s, data, record, task);
    clear_file(&record->exe);
    if (exe)
        put_file(s, data, &record->exe, exe);
    put_ancestors(s, data, record, task);
    return sizeof(*record) + s->used;
}

#endif
