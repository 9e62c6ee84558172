/* SPDX-License-Identifier: MIT */
/* The kernel's own structures of modules, as the walks find them. */
#include "view-sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 10

static const enum view_kind views[WALK_KINDS] = {VIEW_KERNEL_LIST, VIEW_KERNEL_KSET, VIEW_KERNEL_TREE};

/* enum module_state (linux/module.h), in the words of /proc/modules, which does not show the last one. */
static const char *const state_words[] = {"Live", "Loading", "Unloading", "Unformed"};

static bool is_known(const struct view *view, uint64_t address)
{
    size_t i;

    for (i = view->count; i-- > 0;) {
        if (view->module[i].address == address)
            return true;
    }
    return false;
}

static void take_walked(struct view *view, const struct walked_module *walked)
{
    struct view_module *module;
    char name[WALK_NAME];

    if (is_known(view, walked->address)) /* the tree has a node for each of its memories */
        return;
    memcpy(name, walked->name, sizeof(name));
    name[sizeof(name) - 1] = '\0';
    module = view_add(view, name);
    if (!module)
        return;
    module->address = walked->address;
    module->base = walked->base;
    module->size = walked->size;
    if (walked->state < sizeof(state_words) / sizeof(*state_words))
        module->state = view_keep(view, state_words[walked->state]);
}

static void read_once(struct view_sources *sources, enum walk_kind kind, struct view *view)
{
    const struct module_walk *walk;
    uint32_t i;
    int r;

    view_begin(view, views[kind]);
    r = walks_run(sources->walks, kind, &walk);
    if (r == -ENOENT)
        view_fails(view, VIEW_UNAVAILABLE, "the kernel's %s cannot be walked here", walk_symbols[kind]);
    else if (r)
        view_fails(view, VIEW_UNAVAILABLE, "the kernel's %s cannot be walked: %s", walk_symbols[kind], strerror(-r));
    if (r)
        return;
    for (i = 0; i < walk->count; i++)
        take_walked(view, &walk->module[i]);
    if (walk->state == WALK_CUT)
        view_fails(view, VIEW_CUT, "more than %u nodes", WALK_NODES);
    else if (walk->state == WALK_TORN)
        view_fails(view, VIEW_TORN, "%s changed while it was walked", walk_symbols[kind]);
    else if (walk->state != WALK_WHOLE)
        view_fails(view, VIEW_TORN, "%s leads to an address that cannot be read", walk_symbols[kind]);
}

void view_read_kernel(struct view_sources *sources, enum walk_kind kind, struct view *view)
{
    int tries = 0;

    do {
        read_once(sources, kind, view);
        view_end(view);
    } while (view->state == VIEW_TORN && ++tries < TRIES);
}
