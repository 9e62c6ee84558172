/* SPDX-License-Identifier: MIT */
/*
 * Where views are read from. What needs root is opened before rights are given up, and read again from its start each
 * time: /proc/modules and /proc/kallsyms show addresses by the rights of who opened them.
 */
#ifndef MODTRAIL_VIEW_SOURCES_H
#define MODTRAIL_VIEW_SOURCES_H

#include "view.h"
#include "walks.h"

#include <dirent.h>

struct view_sources {
    struct walks *walks;        /* NULL: none */
    int proc_modules, kallsyms; /* a negative errno where it cannot be opened */
    int sysfs_error;
    DIR *sysfs;
    /* The reading of /proc/kallsyms, which goes on over several steps. */
    char *line;
    size_t line_used;
    size_t last; /* index of the module that the last line was of */
    bool in_modules;
    bool has_sequence;
    uint32_t sequence;
};

/* `walks` must outlive the sources. */
void view_sources_open(struct view_sources *sources, struct walks *walks);
void view_sources_close(struct view_sources *sources);

/* /proc/modules, read again as long as the list changed meanwhile. */
void view_read_proc_modules(struct view_sources *sources, struct view *view);

/* A kind of walk, walked again as long as it is torn. */
void view_read_kernel(struct view_sources *sources, enum walk_kind kind, struct view *view);

/* These two take long: each call reads until boot time `until_ns`. Returns whether more is to be read. */
bool view_read_sysfs(struct view_sources *sources, struct view *view, bool first, int64_t until_ns);
bool view_read_kallsyms(struct view_sources *sources, struct view *view, bool first, int64_t until_ns);

#endif
