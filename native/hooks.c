/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

extern const char embedded_bpf[], embedded_bpf_end[];

enum group {
    GROUP_TRACEPOINT, /* the calls by their own tracepoints: all of them or none */
    GROUP_COMPAT,     /* 32-bit callers, where the calls have their own tracepoints */
    GROUP_COMPAT_FALLBACK,
    GROUP_RAW, /* the calls by the tracepoints of all calls */
    GROUP_MODULE,
    GROUP_IMAGE,
    GROUP_IMAGE_FALLBACK,
};

struct known_hook {
    enum group group;
    const char *purpose;
    const char *mechanism;
    const char *target;
    const char *program;
    int fallback_of; /* index of the hook that this one stands in for, -1 for none */
};

/* Entries come last, so that no call is seen to begin whose end is not. */
static const struct known_hook known_hooks[] = {
    {GROUP_MODULE, "module_load", "raw-tracepoint", "module_load", "module_load", -1},
    {GROUP_MODULE, "module_free", "raw-tracepoint", "module_free", "module_free", -1},
    {GROUP_MODULE, "module_request", "raw-tracepoint", "module_request", "module_request", -1},
    {GROUP_IMAGE, "image_read", "fentry", "security_kernel_post_read_file", "image_file_fentry", -1},
    {GROUP_IMAGE, "image_read", "fentry", "security_kernel_post_load_data", "image_data_fentry", -1},
    {GROUP_IMAGE_FALLBACK, "image_read", "kprobe", "security_kernel_post_read_file", "image_file_kprobe", 3},
    {GROUP_IMAGE_FALLBACK, "image_read", "kprobe", "security_kernel_post_load_data", "image_data_kprobe", 4},
    {GROUP_TRACEPOINT, "finit_module", "tracepoint", "syscalls/sys_exit_finit_module", "tracepoint_exit_finit_module",
     -1},
    {GROUP_TRACEPOINT, "init_module", "tracepoint", "syscalls/sys_exit_init_module", "tracepoint_exit_init_module", -1},
    {GROUP_TRACEPOINT, "delete_module", "tracepoint", "syscalls/sys_exit_delete_module",
     "tracepoint_exit_delete_module", -1},
    {GROUP_TRACEPOINT, "finit_module", "tracepoint", "syscalls/sys_enter_finit_module", "tracepoint_enter_finit_module",
     -1},
    {GROUP_TRACEPOINT, "init_module", "tracepoint", "syscalls/sys_enter_init_module", "tracepoint_enter_init_module",
     -1},
    {GROUP_TRACEPOINT, "delete_module", "tracepoint", "syscalls/sys_enter_delete_module",
     "tracepoint_enter_delete_module", -1},
    {GROUP_COMPAT, "finit_module", "fexit", "__ia32_sys_finit_module", "compat_fexit_finit_module", -1},
    {GROUP_COMPAT, "init_module", "fexit", "__ia32_sys_init_module", "compat_fexit_init_module", -1},
    {GROUP_COMPAT, "delete_module", "fexit", "__ia32_sys_delete_module", "compat_fexit_delete_module", -1},
    {GROUP_COMPAT_FALLBACK, "finit_module", "kprobe", "__ia32_sys_finit_module", "compat_kretprobe_finit_module", 13},
    {GROUP_COMPAT_FALLBACK, "init_module", "kprobe", "__ia32_sys_init_module", "compat_kretprobe_init_module", 14},
    {GROUP_COMPAT_FALLBACK, "delete_module", "kprobe", "__ia32_sys_delete_module", "compat_kretprobe_delete_module",
     15},
    {GROUP_COMPAT, "finit_module", "kprobe", "__ia32_sys_finit_module", "compat_enter_finit_module", -1},
    {GROUP_COMPAT, "init_module", "kprobe", "__ia32_sys_init_module", "compat_enter_init_module", -1},
    {GROUP_COMPAT, "delete_module", "kprobe", "__ia32_sys_delete_module", "compat_enter_delete_module", -1},
    {GROUP_RAW, "calls", "raw-tracepoint", "sys_exit", "raw_exit", -1},
    {GROUP_RAW, "calls", "raw-tracepoint", "sys_enter", "raw_enter", -1},
};

#define HOOK_COUNT (sizeof(known_hooks) / sizeof(known_hooks[0]))

enum hook_state {
    HOOK_WANTED,
    HOOK_ATTACHED,
    HOOK_UNAVAILABLE,
    HOOK_NOT_NEEDED,   /* as long as another one works */
    HOOK_NEVER_NEEDED, /* this kernel has nothing to see there */
};

struct hook {
    enum hook_state state;
    char reason[256];
    struct bpf_link *link;
    struct bpf_program *program;
};

struct hooks {
    struct hook hook[HOOK_COUNT];
    struct bpf_object *object;
    struct btf *kernel_types;
    struct loss_counter *losses;
    size_t losses_size;
};

static int print_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
    (void)level;
    (void)format;
    (void)arguments;
    return 0;
}

__attribute__((format(printf, 3, 4))) static void set_state(struct hook *hook, enum hook_state state,
                                                            const char *format, ...)
{
    va_list arguments;

    hook->state = state;
    va_start(arguments, format);
    vsnprintf(hook->reason, sizeof(hook->reason), format, arguments);
    va_end(arguments);
}

/* A mount of its own where tracefs is missing: the machine that is looked at stays as it was. */
static void provide_tracefs(void)
{
    if (!access("/sys/kernel/tracing/events", F_OK) || !access("/sys/kernel/debug/tracing/events", F_OK))
        return;
    if (unshare(CLONE_NEWNS))
        return;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
        return;
    mount("tracefs", "/sys/kernel/tracing", "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static bool has_tracepoint(const char *target)
{
    char path[256];

    snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", target);
    if (!access(path, F_OK))
        return true;
    snprintf(path, sizeof(path), "/sys/kernel/debug/tracing/events/%s/id", target);
    return !access(path, F_OK);
}

static bool has_function(const struct hooks *hooks, const char *name)
{
    return btf__find_by_name_kind(hooks->kernel_types, name, BTF_KIND_FUNC) > 0;
}

/* Every tracepoint has a type of this name in the kernel's BTF; without module support these three are missing. */
static bool has_module_tracepoint(const struct hooks *hooks, const char *name)
{
    char type[64];

    snprintf(type, sizeof(type), "btf_trace_%s", name);
    return btf__find_by_name_kind(hooks->kernel_types, type, BTF_KIND_TYPEDEF) > 0;
}

static void check_presence(struct hooks *hooks, size_t index)
{
    const struct known_hook *known = &known_hooks[index];
    struct hook *hook = &hooks->hook[index];

    switch (known->group) {
    case GROUP_TRACEPOINT:
        if (!has_tracepoint(known->target))
            set_state(hook, HOOK_UNAVAILABLE, "the kernel has no tracepoint %s%s", known->target,
                      has_module_tracepoint(hooks, "module_load") ? "" : ": it is built without module support");
        break;
    case GROUP_MODULE:
        if (!has_module_tracepoint(hooks, known->target))
            set_state(hook, HOOK_UNAVAILABLE, "the kernel has no tracepoint %s: it is built without module support",
                      known->target);
        break;
    case GROUP_IMAGE:
    case GROUP_IMAGE_FALLBACK:
        if (!has_module_tracepoint(hooks, "module_load"))
            set_state(hook, HOOK_UNAVAILABLE, "the kernel is built without module support and reads no module");
        else if (!has_function(hooks, known->target))
            set_state(hook, HOOK_UNAVAILABLE, "the kernel has no function %s", known->target);
        break;
    case GROUP_COMPAT:
    case GROUP_COMPAT_FALLBACK:
        if (!has_function(hooks, known->target))
            set_state(hook, HOOK_NEVER_NEEDED, "the kernel has no function %s: it takes no such 32-bit call",
                      known->target);
        break;
    case GROUP_RAW:
        break;
    }
}

static bool group_usable(const struct hooks *hooks, enum group group)
{
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        if (known_hooks[i].group == group && hooks->hook[i].state == HOOK_UNAVAILABLE)
            return false;
    }
    return true;
}

static bool is_compat(enum group group)
{
    return group == GROUP_COMPAT || group == GROUP_COMPAT_FALLBACK;
}

/* Decides what this round loads: preferred hooks that have not failed, and the stand-ins of those that have. */
static void choose(struct hooks *hooks, enum attach_choice attach)
{
    bool by_tracepoint = attach != ATTACH_RAW && group_usable(hooks, GROUP_TRACEPOINT);
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        const struct known_hook *known = &known_hooks[i];
        struct hook *hook = &hooks->hook[i];

        if (hook->state == HOOK_UNAVAILABLE || hook->state == HOOK_NEVER_NEEDED)
            continue;
        hook->state = HOOK_WANTED;
        if (known->group == GROUP_TRACEPOINT && attach == ATTACH_RAW)
            set_state(hook, HOOK_NOT_NEEDED, "--attach raw was asked for");
        else if (known->group == GROUP_TRACEPOINT && !by_tracepoint)
            set_state(hook, HOOK_NOT_NEEDED,
                      "not all calls have their own tracepoints here: sys_enter and sys_exit stand in");
        else if (is_compat(known->group) && !by_tracepoint)
            set_state(hook, HOOK_NOT_NEEDED, "sys_enter and sys_exit see 32-bit callers too");
        else if (known->group == GROUP_RAW && (by_tracepoint || attach == ATTACH_TRACEPOINT))
            set_state(hook, HOOK_NOT_NEEDED, "the calls' own tracepoints are used");
        else if (known->fallback_of >= 0 && hooks->hook[known->fallback_of].state != HOOK_UNAVAILABLE)
            set_state(hook, HOOK_NOT_NEEDED, "%s is used", known_hooks[known->fallback_of].mechanism);
    }
}

static int open_object(const struct options *options, struct bpf_object **ret_object)
{
    LIBBPF_OPTS(bpf_object_open_opts, open_options, .object_name = "modtrail");
    struct bpf_object *object;
    struct bpf_map *map;

    object = bpf_object__open_mem(embedded_bpf, (size_t)(embedded_bpf_end - embedded_bpf), &open_options);
    if (!object)
        return -errno;
    map = bpf_object__find_map_by_name(object, "ring");
    if (map)
        bpf_map__set_max_entries(map, options->ring_bytes);
    map = bpf_object__find_map_by_name(object, "scratches");
    if (map)
        bpf_map__set_max_entries(map, (uint32_t)libbpf_num_possible_cpus());
    *ret_object = object;
    return 0;
}

/* Loads the object with the wanted programs, or with the one given alone. */
static int load_object(struct hooks *hooks, const struct options *options, int only, struct bpf_object **ret_object)
{
    struct bpf_object *object = NULL;
    size_t i;
    int r;

    r = open_object(options, &object);
    if (r)
        return r;
    for (i = 0; i < HOOK_COUNT; i++) {
        struct bpf_program *program = bpf_object__find_program_by_name(object, known_hooks[i].program);
        bool wanted = only < 0 ? hooks->hook[i].state == HOOK_WANTED : (int)i == only;

        if (!program) {
            r = -ENOENT;
            goto out;
        }
        bpf_program__set_autoload(program, wanted);
        if (only < 0)
            hooks->hook[i].program = program;
    }
    r = bpf_object__load(object);
    if (r)
        goto out;
    *ret_object = object;
    object = NULL;
out:
    bpf_object__close(object);
    return r;
}

/* The whole did not load: finds out which programs do not, one by one. Returns how many. */
static size_t find_failing(struct hooks *hooks, const struct options *options)
{
    size_t i, failing = 0;

    for (i = 0; i < HOOK_COUNT; i++) {
        struct bpf_object *object = NULL;
        int r;

        if (hooks->hook[i].state != HOOK_WANTED)
            continue;
        r = load_object(hooks, options, (int)i, &object);
        bpf_object__close(object);
        if (!r)
            continue;
        set_state(&hooks->hook[i], HOOK_UNAVAILABLE, "the kernel refused the program: %s", strerror(-r));
        failing++;
    }
    return failing;
}

static size_t attach_wanted(struct hooks *hooks)
{
    size_t i, failing = 0;

    for (i = 0; i < HOOK_COUNT; i++) {
        struct hook *hook = &hooks->hook[i];

        if (hook->state != HOOK_WANTED)
            continue;
        hook->link = bpf_program__attach(hook->program);
        if (hook->link) {
            hook->state = HOOK_ATTACHED;
            hook->reason[0] = '\0';
            continue;
        }
        set_state(hook, HOOK_UNAVAILABLE, "cannot attach: %s", strerror(errno));
        failing++;
    }
    return failing;
}

/* Whether a hook that failed has something that can stand in for it. */
static bool has_stand_in(const struct hooks *hooks, enum attach_choice attach)
{
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        const struct known_hook *known = &known_hooks[i];

        if (hooks->hook[i].state != HOOK_NOT_NEEDED)
            continue;
        if (known->fallback_of >= 0 && hooks->hook[known->fallback_of].state == HOOK_UNAVAILABLE)
            return true;
        if (known->group == GROUP_RAW && attach == ATTACH_AUTO && !group_usable(hooks, GROUP_TRACEPOINT))
            return true;
    }
    return false;
}

void hooks_detach(struct hooks *hooks)
{
    size_t i;

    for (i = HOOK_COUNT; i-- > 0;) {
        bpf_link__destroy(hooks->hook[i].link);
        hooks->hook[i].link = NULL;
    }
}

static int map_losses(struct hooks *hooks)
{
    struct bpf_map *map = bpf_object__find_map_by_name(hooks->object, "losses");
    long page = sysconf(_SC_PAGESIZE);
    void *memory;

    if (!map)
        return -ENOENT;
    hooks->losses_size = (size_t)page;
    memory = mmap(NULL, hooks->losses_size, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
    if (memory == MAP_FAILED)
        return -errno;
    hooks->losses = memory;
    return 0;
}

static bool sees_calls(const struct hooks *hooks)
{
    size_t i, attached = 0;

    for (i = 0; i < HOOK_COUNT; i++) {
        enum group group = known_hooks[i].group;

        if ((group == GROUP_TRACEPOINT || group == GROUP_RAW) && hooks->hook[i].state == HOOK_ATTACHED)
            attached++;
    }
    return attached >= 2; /* the beginning and the end */
}

int hooks_attach(const struct options *options, struct hooks **ret_hooks, char *ret_error, size_t error_size)
{
    struct hooks *hooks;
    size_t i, round;
    int r;

    if (!options->verbose)
        libbpf_set_print(print_nothing);
    hooks = calloc(1, sizeof(*hooks));
    if (!hooks)
        return -ENOMEM;
    hooks->kernel_types = btf__load_vmlinux_btf();
    if (!hooks->kernel_types) {
        r = -ENOTSUP;
        snprintf(ret_error, error_size,
                 "the kernel does not describe its types (/sys/kernel/btf/vmlinux): it needs CONFIG_DEBUG_INFO_BTF");
        goto fail;
    }
    provide_tracefs();
    for (i = 0; i < HOOK_COUNT; i++)
        check_presence(hooks, i);

    /* Every round takes at least one hook off the list, so this ends. */
    for (round = 0; round <= HOOK_COUNT; round++) {
        choose(hooks, options->attach);
        r = load_object(hooks, options, -1, &hooks->object);
        if (r) {
            if (find_failing(hooks, options))
                continue;
            snprintf(ret_error, error_size, "the kernel does not take the BPF programs: %s", strerror(-r));
            goto fail;
        }
        if (!attach_wanted(hooks) || !has_stand_in(hooks, options->attach))
            break;
        hooks_detach(hooks);
        bpf_object__close(hooks->object);
        hooks->object = NULL;
    }
    if (!hooks->object || !sees_calls(hooks)) {
        r = -ENOTSUP;
        snprintf(ret_error, error_size, "none of the tracepoints of the three calls can be attached on this kernel");
        for (i = 0; i < HOOK_COUNT; i++) {
            if (known_hooks[i].group == GROUP_RAW && hooks->hook[i].state == HOOK_UNAVAILABLE)
                snprintf(ret_error, error_size, "the calls cannot be observed: %s: %s", known_hooks[i].target,
                         hooks->hook[i].reason);
        }
        goto fail;
    }
    r = map_losses(hooks);
    if (r) {
        snprintf(ret_error, error_size, "the loss counters cannot be mapped: %s", strerror(-r));
        goto fail;
    }
    *ret_hooks = hooks;
    return 0;
fail:
    hooks_free(hooks);
    return r;
}

size_t hooks_count(const struct hooks *hooks)
{
    (void)hooks;
    return HOOK_COUNT;
}

struct hook_outcome hooks_outcome(const struct hooks *hooks, size_t index)
{
    static const char *const states[] = {"unavailable", "attached", "unavailable", "not-needed", "not-needed"};
    const struct known_hook *known = &known_hooks[index];
    const struct hook *hook = &hooks->hook[index];

    return (struct hook_outcome){
        .purpose = known->purpose,
        .mechanism = known->mechanism,
        .target = known->target,
        .state = states[hook->state],
        .reason = hook->reason[0] ? hook->reason : NULL,
    };
}

int hooks_ring_fd(const struct hooks *hooks)
{
    return bpf_object__find_map_fd_by_name(hooks->object, "ring");
}

const volatile struct loss_counter *hooks_losses(const struct hooks *hooks)
{
    return hooks->losses;
}

uint64_t hooks_recursion_misses(const struct hooks *hooks)
{
    uint64_t misses = 0;
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        struct bpf_prog_info info = {0};
        uint32_t size = sizeof(info);

        if (hooks->hook[i].state != HOOK_ATTACHED)
            continue;
        if (!bpf_obj_get_info_by_fd(bpf_program__fd(hooks->hook[i].program), &info, &size))
            misses += info.recursion_misses;
    }
    return misses;
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks)
        return;
    hooks_detach(hooks);
    if (hooks->losses)
        munmap(hooks->losses, hooks->losses_size);
    bpf_object__close(hooks->object);
    btf__free(hooks->kernel_types);
    free(hooks);
}
