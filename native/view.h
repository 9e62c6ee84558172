/* SPDX-License-Identifier: MIT */
/* What one view shows of the loaded modules, held in memory until a snapshot is written. */
#ifndef MODTRAIL_VIEW_H
#define MODTRAIL_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of the words that contract/schema.sql allows. */
enum view_kind {
    VIEW_PROC_MODULES,
    VIEW_SYSFS,
    VIEW_KALLSYMS,
    VIEW_KERNEL_LIST,
    VIEW_KERNEL_KSET,
    VIEW_KERNEL_TREE,
    VIEW_KINDS,
};

enum view_state {
    VIEW_WHOLE,
    VIEW_CUT,  /* more modules than are kept */
    VIEW_TORN, /* what it shows changed while it was read, every time */
    VIEW_UNAVAILABLE,
};

/* Texts are places in the view's own memory, 0: not shown. */
struct view_module {
    uint32_t name, used_by, state, taints;
    int64_t size, references; /* negative: not shown */
    uint64_t address, base;   /* 0: not shown */
};

struct view {
    enum view_kind kind;
    enum view_state state;
    char reason[160]; /* why it is not whole */
    int64_t from_ns, to_ns;
    struct view_module *module;
    size_t count, room;
    char *text;
    size_t text_used, text_room;
    bool out_of_memory;
};

const char *view_name(enum view_kind kind);
const char *view_state_name(enum view_state state);

/* Empties it, for being read from now on. */
void view_begin(struct view *view, enum view_kind kind);

/* Adds a module of which only the name is known yet. Returns NULL without memory. */
struct view_module *view_add(struct view *view, const char *name);

/* Keeps a text; NULL and "" are 0. */
uint32_t view_keep(struct view *view, const char *text);

/* A kept text, NULL for 0. */
const char *view_text(const struct view *view, uint32_t text);

__attribute__((format(printf, 3, 4))) void view_fails(struct view *view, enum view_state state, const char *format,
                                                      ...);

/* The reading is over. */
void view_end(struct view *view);

/* Whether both show the same modules: names, addresses, sizes and states. What holds on to what may differ. */
bool view_is_same(const struct view *view, const struct view *other);

void view_free(struct view *view);

#endif
