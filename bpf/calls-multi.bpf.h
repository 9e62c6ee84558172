/* SPDX-License-Identifier: MIT */
/*
 * The calls by probes on the kernel's entry functions for them, whose one argument is the caller's registers. Costs other
 * system calls nothing, sees 32-bit callers too, and is never preempted, unlike the tracepoints of some later kernels.
 * Attached with the call as cookie.
 */
#include "calls.bpf.h"

SEC("kprobe.multi")
int multi_enter(struct probe_context *context)
{
    u64 cookie = bpf_get_attach_cookie(context);
    struct pt_regs *regs = (void *)context->di;
    u32 call = cookie & ~CALL_COOKIE_COMPAT;

    if (cookie & CALL_COOKIE_COMPAT)
        return call_entered_surely(call, true, (u32)BPF_CORE_READ(regs, bx), (u32)BPF_CORE_READ(regs, cx),
                                   (u32)BPF_CORE_READ(regs, dx));
    return call_entered_surely(call, false, BPF_CORE_READ(regs, di), BPF_CORE_READ(regs, si), BPF_CORE_READ(regs, dx));
}

SEC("kprobe.multi")
int multi_exit(struct probe_context *context)
{
    return call_returned((s64)context->ax);
}
