/* SPDX-License-Identifier: MIT */
#include "walks.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *const walk_symbols[WALK_KINDS] = {"modules", "module_kset", "mod_tree"};
const char *const walk_programs[WALK_KINDS] = {"walk_modules", "walk_module_kset", "walk_mod_tree"};

struct walks {
    struct module_walk *memory;
    size_t size;
    int program[WALK_KINDS]; /* negative: not loaded */
    uint64_t root[WALK_KINDS];
};

void walks_find_roots(uint64_t ret_roots[WALK_KINDS])
{
    FILE *file = fopen("/proc/kallsyms", "re");
    unsigned found[WALK_KINDS] = {0};
    char line[512], name[256];
    unsigned long long address;
    size_t i;

    memset(ret_roots, 0, sizeof(uint64_t) * WALK_KINDS);
    if (!file)
        return;
    /* The symbols of modules come after the kernel's own. */
    while (fgets(line, sizeof(line), file) && !strchr(line, '[')) {
        /* Types are no help: some kernels say of all symbols that they are code. */
        if (sscanf(line, "%llx %*c %255s", &address, name) != 2)
            continue;
        for (i = 0; i < WALK_KINDS; i++) {
            if (!strcmp(name, walk_symbols[i]))
                ret_roots[i] = found[i]++ ? 0 : address;
        }
    }
    fclose(file);
}

int walks_open(struct bpf_object *object, const uint64_t roots[WALK_KINDS], struct walks **ret_walks)
{
    struct bpf_map *map = bpf_object__find_map_by_name(object, "module_walk");
    int again = bpf_object__find_map_fd_by_name(object, "walk_on");
    long page = sysconf(_SC_PAGESIZE);
    struct walks *walks;
    void *memory;
    uint32_t i;

    if (!map || again < 0)
        return -ENOENT;
    walks = calloc(1, sizeof(*walks));
    if (!walks)
        return -ENOMEM;
    walks->size = (sizeof(struct module_walk) + (size_t)page - 1) / (size_t)page * (size_t)page;
    memory = mmap(NULL, walks->size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
    if (memory == MAP_FAILED) {
        free(walks);
        return -errno;
    }
    walks->memory = memory;
    for (i = 0; i < WALK_KINDS; i++) {
        struct bpf_program *program = bpf_object__find_program_by_name(object, walk_programs[i]);

        walks->root[i] = roots[i];
        walks->program[i] = program && roots[i] ? bpf_program__fd(program) : -ENOENT;
        if (walks->program[i] >= 0 && bpf_map_update_elem(again, &i, &walks->program[i], BPF_ANY))
            walks->program[i] = -errno;
    }
    *ret_walks = walks;
    return 0;
}

static int run(struct walks *walks, enum walk_kind kind, bool only_look)
{
    LIBBPF_OPTS(bpf_test_run_opts, options);

    if (walks->program[kind] < 0)
        return walks->program[kind];
    memset(walks->memory, 0, offsetof(struct module_walk, stack));
    walks->memory->root = walks->root[kind];
    walks->memory->only_look = only_look;
    return bpf_prog_test_run_opts(walks->program[kind], &options);
}

int walks_run(struct walks *walks, enum walk_kind kind, const struct module_walk **ret_walk)
{
    int r = walks ? run(walks, kind, false) : -ENOENT;

    if (r)
        return r;
    if (walks->memory->count > WALK_NODES)
        return -EOVERFLOW;
    *ret_walk = walks->memory;
    return 0;
}

bool walks_sequence(struct walks *walks, uint32_t *ret_sequence)
{
    if (!walks || run(walks, WALK_TREE, true) || walks->memory->state != WALK_WHOLE)
        return false;
    *ret_sequence = walks->memory->sequence;
    return true;
}

void walks_close(struct walks *walks)
{
    if (!walks)
        return;
    munmap(walks->memory, walks->size);
    free(walks);
}
