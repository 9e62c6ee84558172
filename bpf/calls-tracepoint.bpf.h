/* SPDX-License-Identifier: MIT */
/*
 * The calls by their own tracepoints: stable, and cheap for all other system calls.
 * The kernel does not fire them for 32-bit callers (ARCH_TRACE_IGNORE_COMPAT_SYSCALLS): see calls-compat.bpf.h.
 */
#include "calls.bpf.h"

#define ENTER(call_name, call_number)                                                                                  \
    SEC("tp/syscalls/sys_enter_" #call_name)                                                                           \
    int tracepoint_enter_##call_name(struct syscall_enter_context *context)                                            \
    {                                                                                                                  \
        return call_entered_holding(call_number, false, context->argument[0], context->argument[1],                    \
                                    context->argument[2]);                                                             \
    }
#define EXIT(call_name)                                                                                                \
    SEC("tp/syscalls/sys_exit_" #call_name)                                                                            \
    int tracepoint_exit_##call_name(struct syscall_exit_context *context)                                              \
    {                                                                                                                  \
        return call_returned_holding(context->value);                                                                  \
    }

ENTER(finit_module, CALL_FINIT_MODULE)
ENTER(init_module, CALL_INIT_MODULE)
ENTER(delete_module, CALL_DELETE_MODULE)
EXIT(finit_module)
EXIT(init_module)
EXIT(delete_module)

#undef ENTER
#undef EXIT
