/* SPDX-License-Identifier: MIT */
/* The calls by the tracepoints of every system call, filtered by number: for kernels that have no others. */
#include "calls.bpf.h"

#define X32_SYSCALL_BIT 0x40000000u
#define TS_COMPAT 0x0002u /* arch/x86/include/asm/thread_info.h */

static __always_inline bool is_compat(void)
{
    struct task_struct *task = (void *)bpf_get_current_task();

    return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
}

/* Numbers from arch/x86/entry/syscalls/syscall_{64,32}.tbl. Returns -1 for any other call. */
static __always_inline int call_of_number(u64 number, bool *compat)
{
    *compat = false;
    switch ((u32)number & ~X32_SYSCALL_BIT) {
    case 313:
        return is_compat() ? -1 : CALL_FINIT_MODULE;
    case 175:
        return is_compat() ? -1 : CALL_INIT_MODULE;
    case 176:
        return is_compat() ? -1 : CALL_DELETE_MODULE;
    case 350:
        *compat = is_compat();
        return *compat ? CALL_FINIT_MODULE : -1;
    case 128:
        *compat = is_compat();
        return *compat ? CALL_INIT_MODULE : -1;
    case 129:
        *compat = is_compat();
        return *compat ? CALL_DELETE_MODULE : -1;
    }
    return -1;
}

SEC("raw_tp/sys_enter")
int raw_enter(u64 *context)
{
    struct pt_regs *regs = (void *)context[0];
    bool compat;
    int call = call_of_number(context[1], &compat);

    if (call < 0)
        return 0;
    if (compat)
        return call_entered_holding(call, true, (u32)BPF_CORE_READ(regs, bx), (u32)BPF_CORE_READ(regs, cx),
                                    (u32)BPF_CORE_READ(regs, dx));
    return call_entered_holding(call, false, BPF_CORE_READ(regs, di), BPF_CORE_READ(regs, si), BPF_CORE_READ(regs, dx));
}

SEC("raw_tp/sys_exit")
int raw_exit(u64 *context)
{
    struct pt_regs *regs = (void *)context[0];
    bool compat;

    if (call_of_number(BPF_CORE_READ(regs, orig_ax), &compat) < 0)
        return 0;
    return call_returned_holding((s64)context[1]);
}
