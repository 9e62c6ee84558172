/* SPDX-License-Identifier: MIT */
#include "hook-list.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENTRY_FUNCTIONS "__{x64,ia32}_sys_{finit,init,delete}_module"

/* Entries come last, so that no call is seen to begin whose end is not. */
const struct known_hook known_hooks[HOOK_COUNT] = {
    {GROUP_PROBED, "module_load", "kprobe", "do_init_module", "module_load_kprobe", NULL},
    {GROUP_PROBED, "module_free", "kprobe", "free_module", "module_free_kprobe", NULL},
    {GROUP_MODULE, "module_load", "raw-tracepoint", "module_load", "module_load", "module_load_kprobe"},
    {GROUP_MODULE, "module_free", "raw-tracepoint", "module_free", "module_free", "module_free_kprobe"},
    {GROUP_MODULE, "module_request", "raw-tracepoint", "module_request", "module_request", NULL},
    {GROUP_IMAGE, "image_read", "fentry", "security_kernel_post_read_file", "image_file_fentry", NULL},
    {GROUP_IMAGE, "image_read", "fentry", "security_kernel_post_load_data", "image_data_fentry", NULL},
    {GROUP_IMAGE_FALLBACK, "image_read", "kprobe", "security_kernel_post_read_file", "image_file_kprobe",
     "image_file_fentry"},
    {GROUP_IMAGE_FALLBACK, "image_read", "kprobe", "security_kernel_post_load_data", "image_data_kprobe",
     "image_data_fentry"},
    {GROUP_PARAMETERS, "parameters", "kprobe", "parse_args", "parameters_kprobe", NULL},
    {GROUP_PROBED, "threads", "kprobe", "do_exit", "thread_exit_kprobe", NULL},
    {GROUP_THREAD, "threads", "raw-tracepoint", "sched_process_exit", "thread_exit", "thread_exit_kprobe"},
    {GROUP_MULTI, "calls", "kprobe", ENTRY_FUNCTIONS, "multi_exit", NULL},
    {GROUP_FENTRY, "finit_module", "fexit", "__x64_sys_finit_module", "fexit_exit_finit_module", NULL},
    {GROUP_FENTRY, "init_module", "fexit", "__x64_sys_init_module", "fexit_exit_init_module", NULL},
    {GROUP_FENTRY, "delete_module", "fexit", "__x64_sys_delete_module", "fexit_exit_delete_module", NULL},
    {GROUP_TRACEPOINT, "finit_module", "tracepoint", "syscalls/sys_exit_finit_module", "tracepoint_exit_finit_module",
     NULL},
    {GROUP_TRACEPOINT, "init_module", "tracepoint", "syscalls/sys_exit_init_module", "tracepoint_exit_init_module",
     NULL},
    {GROUP_TRACEPOINT, "delete_module", "tracepoint", "syscalls/sys_exit_delete_module",
     "tracepoint_exit_delete_module", NULL},
    {GROUP_COMPAT, "finit_module", "fexit", "__ia32_sys_finit_module", "compat_fexit_finit_module", NULL},
    {GROUP_COMPAT, "init_module", "fexit", "__ia32_sys_init_module", "compat_fexit_init_module", NULL},
    {GROUP_COMPAT, "delete_module", "fexit", "__ia32_sys_delete_module", "compat_fexit_delete_module", NULL},
    {GROUP_COMPAT_FALLBACK, "finit_module", "kprobe", "__ia32_sys_finit_module", "compat_kretprobe_finit_module",
     "compat_fexit_finit_module"},
    {GROUP_COMPAT_FALLBACK, "init_module", "kprobe", "__ia32_sys_init_module", "compat_kretprobe_init_module",
     "compat_fexit_init_module"},
    {GROUP_COMPAT_FALLBACK, "delete_module", "kprobe", "__ia32_sys_delete_module", "compat_kretprobe_delete_module",
     "compat_fexit_delete_module"},
    {GROUP_RAW, "calls", "raw-tracepoint", "sys_exit", "raw_exit", NULL},
    {GROUP_MULTI, "calls", "kprobe", ENTRY_FUNCTIONS, "multi_enter", NULL},
    {GROUP_FENTRY, "finit_module", "fentry", "__x64_sys_finit_module", "fentry_enter_finit_module", NULL},
    {GROUP_FENTRY, "init_module", "fentry", "__x64_sys_init_module", "fentry_enter_init_module", NULL},
    {GROUP_FENTRY, "delete_module", "fentry", "__x64_sys_delete_module", "fentry_enter_delete_module", NULL},
    {GROUP_TRACEPOINT, "finit_module", "tracepoint", "syscalls/sys_enter_finit_module", "tracepoint_enter_finit_module",
     NULL},
    {GROUP_TRACEPOINT, "init_module", "tracepoint", "syscalls/sys_enter_init_module", "tracepoint_enter_init_module",
     NULL},
    {GROUP_TRACEPOINT, "delete_module", "tracepoint", "syscalls/sys_enter_delete_module",
     "tracepoint_enter_delete_module", NULL},
    {GROUP_COMPAT, "finit_module", "kprobe", "__ia32_sys_finit_module", "compat_enter_finit_module", NULL},
    {GROUP_COMPAT, "init_module", "kprobe", "__ia32_sys_init_module", "compat_enter_init_module", NULL},
    {GROUP_COMPAT, "delete_module", "kprobe", "__ia32_sys_delete_module", "compat_enter_delete_module", NULL},
    {GROUP_RAW, "calls", "raw-tracepoint", "sys_enter", "raw_enter", NULL},
    {GROUP_VIEWS, "module views", "test-run", "modules", "walk_modules", NULL},
    {GROUP_VIEWS, "module views", "test-run", "module_kset", "walk_module_kset", NULL},
    {GROUP_VIEWS, "module views", "test-run", "mod_tree", "walk_mod_tree", NULL},
};

static bool has_tracepoint(const char *target)
{
    char path[256];

    snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", target);
    if (!access(path, F_OK))
        return true;
    snprintf(path, sizeof(path), "/sys/kernel/debug/tracing/events/%s/id", target);
    return !access(path, F_OK);
}

static bool has_function(const struct btf *kernel_types, const char *name)
{
    return btf__find_by_name_kind(kernel_types, name, BTF_KIND_FUNC) > 0;
}

/* Every tracepoint has a type of this name in the kernel's BTF; without module support these three are missing. */
static bool has_module_tracepoint(const struct btf *kernel_types, const char *name)
{
    char type[64];

    snprintf(type, sizeof(type), "btf_trace_%s", name);
    return btf__find_by_name_kind(kernel_types, type, BTF_KIND_TYPEDEF) > 0;
}

/*
 * Since 6.14 probes on functions keep what they need for the return in the task (struct fprobe_hlist is of that time),
 * so that any number of calls can be under way. Kernels after that let programs on tracepoints be preempted (those of
 * system calls from 6.13 on, others since), and skip a second one on the same CPU meanwhile; probes are never preempted.
 */
static bool has_exact_probes(const struct btf *kernel_types)
{
    return btf__find_by_name_kind(kernel_types, "fprobe_hlist", BTF_KIND_STRUCT) > 0;
}

enum hook_presence hook_presence(const struct known_hook *known, const struct btf *kernel_types, char *ret_reason,
                                 size_t size)
{
    bool modular = has_module_tracepoint(kernel_types, "module_load");

    switch (known->group) {
    case GROUP_MULTI:
        if (modular && has_exact_probes(kernel_types))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "probes on this kernel are not better than tracepoints");
        return HOOK_SUPERFLUOUS;
    case GROUP_PROBED:
        if (has_exact_probes(kernel_types) && has_function(kernel_types, known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "the tracepoint is used");
        return HOOK_SUPERFLUOUS;
    case GROUP_TRACEPOINT:
        if (has_tracepoint(known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "the kernel has no tracepoint %s%s", known->target,
                 modular ? "" : ": it is built without module support");
        return HOOK_ABSENT;
    case GROUP_MODULE:
        if (has_module_tracepoint(kernel_types, known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "the kernel has no tracepoint %s: it is built without module support",
                 known->target);
        return HOOK_ABSENT;
    case GROUP_IMAGE:
    case GROUP_IMAGE_FALLBACK:
        if (known->group == GROUP_IMAGE && has_exact_probes(kernel_types)) {
            snprintf(ret_reason, size, "trampolines on this kernel can be preempted, and skipped; probes cannot");
            return HOOK_SUPERFLUOUS;
        }
        if (modular && has_function(kernel_types, known->target))
            return HOOK_PRESENT;
        if (modular)
            snprintf(ret_reason, size, "the kernel has no function %s", known->target);
        else
            snprintf(ret_reason, size, "the kernel is built without module support and reads no module");
        return HOOK_ABSENT;
    case GROUP_FENTRY:
        if (has_exact_probes(kernel_types)) {
            snprintf(ret_reason, size, "trampolines on this kernel can be preempted, and skipped; probes cannot");
            return HOOK_SUPERFLUOUS;
        }
        if (modular && has_function(kernel_types, known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "the kernel has no function %s%s", known->target,
                 modular ? "" : ": it is built without module support");
        return HOOK_ABSENT;
    case GROUP_PARAMETERS:
        if (modular && has_function(kernel_types, known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size,
                 modular ? "the kernel has no function %s"
                         : "the kernel is built without module support and calls %s for none",
                 known->target);
        return HOOK_ABSENT;
    case GROUP_VIEWS:
        if (!modular)
            snprintf(ret_reason, size, "the kernel is built without module support and has no %s", known->target);
        else if (!strcmp(known->target, "mod_tree") &&
                 btf__find_by_name_kind(kernel_types, "mod_tree_root", BTF_KIND_STRUCT) <= 0)
            snprintf(ret_reason, size, "the kernel keeps no tree of its modules (CONFIG_MODULES_TREE_LOOKUP)");
        else
            return HOOK_PRESENT;
        return HOOK_ABSENT;
    case GROUP_COMPAT:
    case GROUP_COMPAT_FALLBACK:
        if (has_function(kernel_types, known->target))
            return HOOK_PRESENT;
        snprintf(ret_reason, size, "the kernel has no function %s: it takes no such 32-bit call", known->target);
        return HOOK_SUPERFLUOUS;
    default:
        return HOOK_PRESENT;
    }
}
