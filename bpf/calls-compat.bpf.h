/* SPDX-License-Identifier: MIT */
/*
 * 32-bit callers on x86-64 (int 0x80, 32-bit programs), which the calls' own tracepoints leave out: probes on the
 * kernel's entry functions for them, whose one argument is the caller's registers. The return is taken by fexit, which
 * any number of sleeping calls may be in; a kretprobe stands in, of which the kernel keeps only a few instances.
 */
#include "calls.bpf.h"

static __always_inline int compat_entered(u32 call, struct probe_context *context)
{
    struct pt_regs *regs = (void *)context->di;

    return call_entered(call, true, (u32)BPF_CORE_READ(regs, bx), (u32)BPF_CORE_READ(regs, cx),
                        (u32)BPF_CORE_READ(regs, dx));
}

#define ENTER(call_name, call_number)                                                                                  \
    SEC("kprobe/__ia32_sys_" #call_name)                                                                               \
    int compat_enter_##call_name(struct probe_context *context)                                                        \
    {                                                                                                                  \
        return compat_entered(call_number, context);                                                                   \
    }
#define EXIT(call_name)                                                                                                \
    SEC("fexit/__ia32_sys_" #call_name)                                                                                \
    int compat_fexit_##call_name(u64 *context)                                                                         \
    {                                                                                                                  \
        return call_returned_anywhere((s64)context[1]);                                                                \
    }                                                                                                                  \
    SEC("kretprobe/__ia32_sys_" #call_name)                                                                            \
    int compat_kretprobe_##call_name(struct probe_context *context)                                                    \
    {                                                                                                                  \
        return call_returned((s64)context->ax);                                                                        \
    }

ENTER(finit_module, CALL_FINIT_MODULE)
ENTER(init_module, CALL_INIT_MODULE)
ENTER(delete_module, CALL_DELETE_MODULE)
EXIT(finit_module)
EXIT(init_module)
EXIT(delete_module)

#undef ENTER
#undef EXIT
