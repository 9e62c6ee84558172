/* SPDX-License-Identifier: MIT */
/* Every hook that is known: what it is for, and whether a kernel has what it hangs on. */
#ifndef MODTRAIL_HOOK_LIST_H
#define MODTRAIL_HOOK_LIST_H

#include <bpf/btf.h>
#include <stddef.h>

enum hook_group {
    GROUP_MULTI,           /* the calls by their entry functions, 32-bit callers too */
    GROUP_TRACEPOINT,      /* the calls by their own tracepoints: all of them or none */
    GROUP_COMPAT,          /* 32-bit callers, where the calls have their own tracepoints */
    GROUP_COMPAT_FALLBACK, /* their returns by kretprobe */
    GROUP_FENTRY,          /* the calls by trampolines on their entry functions, where that is asked for */
    GROUP_RAW,             /* the calls by the tracepoints of all calls */
    GROUP_MODULE,
    GROUP_THREAD,
    GROUP_PROBED, /* what these two tell, where their programs can be preempted and probes cannot */
    GROUP_PARAMETERS,
    GROUP_IMAGE,
    GROUP_IMAGE_FALLBACK,
    GROUP_VIEWS, /* loaded and run on demand, never attached */
};

struct known_hook {
    enum hook_group group;
    const char *purpose;
    const char *mechanism; /* as in the capture's table `hook` */
    const char *target;
    const char *program;     /* its name in the BPF object */
    const char *fallback_of; /* the program that this one stands in for, NULL for none */
};

#define HOOK_COUNT 40

extern const struct known_hook known_hooks[HOOK_COUNT];

enum hook_presence {
    HOOK_PRESENT,
    HOOK_ABSENT,      /* the kernel lacks what is needed */
    HOOK_SUPERFLUOUS, /* there is nothing to see for it on this kernel */
};

/* Whether the kernel has what the hook hangs on; where not, `ret_reason` says why. */
enum hook_presence hook_presence(const struct known_hook *known, const struct btf *kernel_types, char *ret_reason,
                                 size_t size);

/* Attached hooks of this group see calls; there are two of them at least, the beginning and the end. */
static inline int hook_sees_calls(const struct known_hook *known)
{
    return known->group == GROUP_MULTI || known->group == GROUP_TRACEPOINT || known->group == GROUP_FENTRY ||
           known->group == GROUP_RAW;
}

#endif
