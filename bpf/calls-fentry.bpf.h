/* SPDX-License-Identifier: MIT */
/*
 * The calls by trampolines on the kernel's entry functions for them, whose one argument is the caller's registers. Costs
 * other system calls nothing. 32-bit callers come in by functions of their own: see calls-compat.bpf.h.
 */
#include "calls.bpf.h"

#define ENTER(call_name, call_number)                                                                                  \
    SEC("fentry/__x64_sys_" #call_name)                                                                                \
    int fentry_enter_##call_name(u64 *context)                                                                         \
    {                                                                                                                  \
        struct pt_regs *regs = (void *)context[0];                                                                     \
                                                                                                                       \
        return call_entered(call_number, false, BPF_CORE_READ(regs, di), BPF_CORE_READ(regs, si),                      \
                            BPF_CORE_READ(regs, dx));                                                                  \
    }
#define EXIT(call_name)                                                                                                \
    SEC("fexit/__x64_sys_" #call_name)                                                                                 \
    int fexit_exit_##call_name(u64 *context)                                                                           \
    {                                                                                                                  \
        return call_returned((s64)context[1]);                                                                         \
    }

ENTER(finit_module, CALL_FINIT_MODULE)
ENTER(init_module, CALL_INIT_MODULE)
ENTER(delete_module, CALL_DELETE_MODULE)
EXIT(finit_module)
EXIT(init_module)
EXIT(delete_module)

#undef ENTER
#undef EXIT
