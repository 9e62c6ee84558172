/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include "hook-list.h"

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
#include <sys/random.h>
#include <unistd.h>

extern const char embedded_bpf[], embedded_bpf_end[];

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
    struct thread_calls *threads;
    uint64_t root[WALK_KINDS];
    struct walks *walks;
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

/* Programs that walk a structure need to be told where it begins. */
static void check_root(struct hooks *hooks, size_t index)
{
    size_t kind = 0;

    while (strcmp(walk_programs[kind], known_hooks[index].program))
        kind++;
    if (!hooks->root[kind])
        set_state(&hooks->hook[index], HOOK_UNAVAILABLE, "/proc/kallsyms does not show where %s lies",
                  walk_symbols[kind]);
}

static void check_presence(struct hooks *hooks, size_t index)
{
    char reason[sizeof(hooks->hook[index].reason)];

    switch (hook_presence(&known_hooks[index], hooks->kernel_types, reason, sizeof(reason))) {
    case HOOK_PRESENT:
        if (known_hooks[index].group == GROUP_VIEWS)
            check_root(hooks, index);
        break;
    case HOOK_ABSENT:
        set_state(&hooks->hook[index], HOOK_UNAVAILABLE, "%s", reason);
        break;
    case HOOK_SUPERFLUOUS:
        set_state(&hooks->hook[index], HOOK_NEVER_NEEDED, "%s", reason);
        break;
    }
}

/* Whether nothing of the group is known to be missing. */
static bool group_usable(const struct hooks *hooks, enum hook_group group)
{
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        enum hook_state state = hooks->hook[i].state;

        if (known_hooks[i].group == group && (state == HOOK_UNAVAILABLE || state == HOOK_NEVER_NEEDED))
            return false;
    }
    return true;
}

/* The one group by which calls are seen, as far as is known by now. */
static enum hook_group way_to_calls(const struct hooks *hooks, enum attach_choice attach)
{
    if (attach == ATTACH_RAW)
        return GROUP_RAW;
    /* Both cost other calls nothing; where both are, probes are the better ones. */
    if (attach != ATTACH_TRACEPOINT && group_usable(hooks, GROUP_MULTI))
        return GROUP_MULTI;
    if (attach == ATTACH_FENTRY && group_usable(hooks, GROUP_FENTRY))
        return GROUP_FENTRY;
    if (attach == ATTACH_TRACEPOINT || group_usable(hooks, GROUP_TRACEPOINT))
        return GROUP_TRACEPOINT;
    return GROUP_RAW;
}

/* Programs on tracepoints can be skipped where there are such probes: these take the calls that those have not seen. */
static bool needs_probes(const struct hooks *hooks, enum hook_group way)
{
    return (way == GROUP_TRACEPOINT || way == GROUP_RAW) && group_usable(hooks, GROUP_MULTI);
}

static bool belongs_to(const struct hooks *hooks, enum hook_group group, enum hook_group way)
{
    switch (group) {
    case GROUP_MULTI:
        return group == way || needs_probes(hooks, way);
    case GROUP_TRACEPOINT:
    case GROUP_FENTRY:
    case GROUP_RAW:
        return group == way;
    case GROUP_COMPAT:
    case GROUP_COMPAT_FALLBACK:
        return (way == GROUP_TRACEPOINT || way == GROUP_FENTRY) && !needs_probes(hooks, way);
    default:
        return true;
    }
}

static const char *why_not(enum hook_group way, enum attach_choice attach)
{
    if (attach == ATTACH_RAW)
        return "--attach raw was asked for";
    if (way == GROUP_MULTI)
        return "the calls' entry functions are used";
    if (way == GROUP_FENTRY)
        return "--attach fentry was asked for";
    if (way == GROUP_TRACEPOINT)
        return "the calls' own tracepoints are used";
    return "not all calls have their own tracepoints here: sys_enter and sys_exit stand in";
}

static size_t index_of(const char *program)
{
    size_t i = 0;

    while (strcmp(known_hooks[i].program, program))
        i++;
    return i;
}

static const struct hook *hook_of(const struct hooks *hooks, const char *program)
{
    return &hooks->hook[index_of(program)];
}

/* Whether the hook that this one stands in for works, as far as is known by now. */
static bool is_spare(const struct hooks *hooks, const struct known_hook *known)
{
    enum hook_state state;

    if (!known->fallback_of)
        return false;
    state = hook_of(hooks, known->fallback_of)->state;
    return state != HOOK_UNAVAILABLE && state != HOOK_NEVER_NEEDED;
}

/* Decides what this round loads: preferred hooks that have not failed, and the stand-ins of those that have. */
static void choose(struct hooks *hooks, enum attach_choice attach)
{
    enum hook_group way = way_to_calls(hooks, attach);
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        const struct known_hook *known = &known_hooks[i];
        struct hook *hook = &hooks->hook[i];

        if (hook->state == HOOK_UNAVAILABLE || hook->state == HOOK_NEVER_NEEDED)
            continue;
        hook->state = HOOK_WANTED;
        if (!belongs_to(hooks, known->group, way))
            set_state(hook, HOOK_NOT_NEEDED, "%s", why_not(way, attach));
        else if (is_spare(hooks, known))
            set_state(hook, HOOK_NOT_NEEDED, "the %s on %s is used",
                      known_hooks[index_of(known->fallback_of)].mechanism,
                      known_hooks[index_of(known->fallback_of)].target);
    }
}

/* `hash_seed` is all that the BPF object's read-only data holds. */
static int seed_hashes(struct bpf_map *map)
{
    uint64_t seed;

    if (bpf_map__value_size(map) != sizeof(seed) || getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        return -EIO;
    return bpf_map__set_initial_value(map, &seed, sizeof(seed));
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
    map = bpf_object__find_map_by_name(object, "images");
    if (map)
        bpf_map__set_max_entries(map, options->image_ring_bytes);
    map = bpf_object__find_map_by_name(object, ".rodata");
    if (map && seed_hashes(map)) {
        bpf_object__close(object);
        return -EIO;
    }
    map = bpf_object__find_map_by_name(object, "scratches");
    if (map)
        bpf_map__set_max_entries(map, SCRATCH_USES * (uint32_t)libbpf_num_possible_cpus());
    *ret_object = object;
    return 0;
}

/* Before anything is attached: the slots that threads may take. */
static int fill_slots(const struct bpf_object *object)
{
    int map = bpf_object__find_map_fd_by_name(object, "free_slots");
    uint32_t slot;

    if (map < 0)
        return map;
    for (slot = 0; slot < THREAD_SLOTS; slot++) {
        if (bpf_map_update_elem(map, NULL, &slot, BPF_ANY))
            return -errno;
    }
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
    if (!r)
        r = fill_slots(object);
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

/* One link for all entry functions that the kernel has. */
static struct bpf_link *attach_multi(const struct hooks *hooks, const struct known_hook *known,
                                     struct bpf_program *program)
{
    static const char *const functions[] = {"__x64_sys_finit_module",  "__x64_sys_init_module",
                                            "__x64_sys_delete_module", "__ia32_sys_finit_module",
                                            "__ia32_sys_init_module",  "__ia32_sys_delete_module"};
    static const __u64 cookies[] = {
        CALL_FINIT_MODULE,
        CALL_INIT_MODULE,
        CALL_DELETE_MODULE,
        CALL_FINIT_MODULE | CALL_COOKIE_COMPAT,
        CALL_INIT_MODULE | CALL_COOKIE_COMPAT,
        CALL_DELETE_MODULE | CALL_COOKIE_COMPAT,
    };
    size_t count = btf__find_by_name_kind(hooks->kernel_types, functions[3], BTF_KIND_FUNC) > 0 ? 6 : 3;
    LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .syms = (const char **)functions, .cookies = cookies, .cnt = count,
                .retprobe = !strcmp(known->program, "multi_exit"));

    return bpf_program__attach_kprobe_multi_opts(program, NULL, &options);
}

static size_t attach_wanted(struct hooks *hooks)
{
    size_t i, failing = 0;

    for (i = 0; i < HOOK_COUNT; i++) {
        const struct known_hook *known = &known_hooks[i];
        struct hook *hook = &hooks->hook[i];

        if (hook->state != HOOK_WANTED)
            continue;
        if (known->group == GROUP_VIEWS) { /* ready as it is */
            hook->state = HOOK_ATTACHED;
            continue;
        }
        hook->link = known->group == GROUP_MULTI ? attach_multi(hooks, known, hook->program)
                                                 : bpf_program__attach(hook->program);
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
    enum hook_group way = way_to_calls(hooks, attach);
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        if (hooks->hook[i].state == HOOK_NOT_NEEDED && belongs_to(hooks, known_hooks[i].group, way) &&
            !is_spare(hooks, &known_hooks[i]))
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

static size_t mapped_size(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return (bytes + page - 1) / page * page;
}

static int map_memory(const struct hooks *hooks, const char *name, int protection, size_t bytes, void **ret_memory)
{
    int map = bpf_object__find_map_fd_by_name(hooks->object, name);
    void *memory;

    if (map < 0)
        return map;
    memory = mmap(NULL, mapped_size(bytes), protection, MAP_SHARED, map, 0);
    if (memory == MAP_FAILED)
        return -errno;
    *ret_memory = memory;
    return 0;
}

static int map_shared(struct hooks *hooks)
{
    void *memory;
    int r;

    r = map_memory(hooks, "losses", PROT_READ, LOSS_CAUSES * sizeof(struct loss_counter), &memory);
    if (r)
        return r;
    hooks->losses = memory;
    r = map_memory(hooks, "threads", PROT_READ | PROT_WRITE, THREAD_SLOTS * sizeof(struct thread_calls), &memory);
    if (!r)
        hooks->threads = memory;
    return r;
}

static bool sees_calls(const struct hooks *hooks)
{
    size_t i, attached = 0;

    for (i = 0; i < HOOK_COUNT; i++)
        attached += hook_sees_calls(&known_hooks[i]) && hooks->hook[i].state == HOOK_ATTACHED;
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
    walks_find_roots(hooks->root);
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
    r = map_shared(hooks);
    if (r) {
        snprintf(ret_error, error_size, "the memory shared with the kernel cannot be mapped: %s", strerror(-r));
        goto fail;
    }
    r = walks_open(hooks->object, hooks->root, &hooks->walks);
    if (r) {
        snprintf(ret_error, error_size, "the memory for walks cannot be mapped: %s", strerror(-r));
        goto fail;
    }
    btf__free(hooks->kernel_types); /* some megabytes, and of no more use */
    hooks->kernel_types = NULL;
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

int hooks_image_ring_fd(const struct hooks *hooks)
{
    return bpf_object__find_map_fd_by_name(hooks->object, "images");
}

struct thread_calls *hooks_threads(const struct hooks *hooks)
{
    return hooks->threads;
}

const volatile struct loss_counter *hooks_losses(const struct hooks *hooks)
{
    return hooks->losses;
}

struct walks *hooks_walks(const struct hooks *hooks)
{
    return hooks->walks;
}

/* Whether the probe that takes what the tracepoints have not seen is on. */
static bool probes_stand_by(const struct hooks *hooks)
{
    return hook_of(hooks, "multi_enter")->state == HOOK_ATTACHED &&
           hook_of(hooks, "multi_exit")->state == HOOK_ATTACHED;
}

uint64_t hooks_recursion_misses(const struct hooks *hooks)
{
    bool harmless = probes_stand_by(hooks);
    uint64_t misses = 0;
    size_t i;

    for (i = 0; i < HOOK_COUNT; i++) {
        struct bpf_prog_info info = {0};
        uint32_t size = sizeof(info);

        if (hooks->hook[i].state != HOOK_ATTACHED)
            continue;
        if (harmless && (known_hooks[i].group == GROUP_TRACEPOINT || known_hooks[i].group == GROUP_RAW))
            continue;
        if (!bpf_obj_get_info_by_fd(bpf_program__fd(hooks->hook[i].program), &info, &size))
            misses += info.recursion_misses;
    }
    return misses;
}

int hooks_any_program(const struct hooks *hooks)
{
    size_t i = 0;

    while (hooks->hook[i].state != HOOK_ATTACHED) /* there is one, see hooks_attach */
        i++;
    return bpf_program__fd(hooks->hook[i].program);
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks)
        return;
    hooks_detach(hooks);
    walks_close(hooks->walks);
    if (hooks->losses)
        munmap(hooks->losses, mapped_size(LOSS_CAUSES * sizeof(struct loss_counter)));
    if (hooks->threads)
        munmap(hooks->threads, mapped_size(THREAD_SLOTS * sizeof(struct thread_calls)));
    bpf_object__close(hooks->object);
    btf__free(hooks->kernel_types);
    free(hooks);
}
