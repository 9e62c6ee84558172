/* SPDX-License-Identifier: MIT */
/*
 * /proc/kallsyms: "ffffffffc0000000 t symbol\t[module]", the kernel's own symbols first, without brackets. It is long;
 * what counts is which modules have symbols, and where their lowest one lies.
 */
#include "view-sources.h"

#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (64u << 10)

/* What the kernel puts into the brackets for code of its own that lies among modules. */
static bool is_module(const char *name)
{
    return strcmp(name, "bpf") && strcmp(name, "ftrace") && strncmp(name, "__builtin__", 11);
}

static bool is_named(const struct view *view, size_t index, const char *name)
{
    const char *known = index < view->count ? view_text(view, view->module[index].name) : NULL;

    return known && !strcmp(known, name);
}

static struct view_module *module_of(struct view_sources *sources, struct view *view, const char *name)
{
    size_t i;

    /* A module's symbols follow each other. */
    if (is_named(view, sources->last, name))
        return &view->module[sources->last];
    for (i = 0; i < view->count && !is_named(view, i, name); i++)
        ;
    sources->last = i;
    return i < view->count ? &view->module[i] : view_add(view, name);
}

static void take_line(struct view_sources *sources, struct view *view, char *line)
{
    char *name = strrchr(line, '['), *end = name ? strchr(name, ']') : NULL;
    struct view_module *module;
    uint64_t address;

    if (!end || end == name + 1)
        return;
    if (!sources->in_modules) {
        sources->in_modules = true;
        sources->has_sequence = walks_sequence(sources->walks, &sources->sequence);
    }
    *end = '\0';
    if (!is_module(++name))
        return;
    module = module_of(sources, view, name);
    address = strtoull(line, NULL, 16); /* 0: hidden from this user, or within a CPU's own memory */
    if (module && address > UINT32_MAX && (!module->base || address < module->base))
        module->base = address;
}

/* Takes whole lines; what is left of the last one moves to the front. */
static void take_lines(struct view_sources *sources, struct view *view)
{
    char *line = sources->line, *end;

    sources->line[sources->line_used] = '\0';
    while ((end = strchr(line, '\n'))) {
        *end = '\0';
        take_line(sources, view, line);
        line = end + 1;
    }
    sources->line_used = strlen(line);
    if (sources->line_used >= BUFFER)
        sources->line_used = 0; /* no line is that long */
    memmove(sources->line, line, sources->line_used);
}

static bool start(struct view_sources *sources, struct view *view)
{
    view_begin(view, VIEW_KALLSYMS);
    if (!sources->line)
        sources->line = malloc(BUFFER + 1);
    sources->line_used = 0;
    sources->last = 0;
    sources->in_modules = sources->has_sequence = false;
    if (!sources->line)
        view_fails(view, VIEW_UNAVAILABLE, "no memory");
    else if (sources->kallsyms < 0)
        view_fails(view, VIEW_UNAVAILABLE, "/proc/kallsyms cannot be opened: %s", strerror(-sources->kallsyms));
    else if (lseek(sources->kallsyms, 0, SEEK_SET) < 0)
        view_fails(view, VIEW_UNAVAILABLE, "/proc/kallsyms cannot be read: %s", strerror(errno));
    return view->state != VIEW_UNAVAILABLE;
}

/* As with the list: a change in between may have made the kernel leave out symbols. */
static void check_changes(struct view_sources *sources, struct view *view)
{
    uint32_t now;

    if (sources->has_sequence && walks_sequence(sources->walks, &now) && now != sources->sequence &&
        view->state == VIEW_WHOLE)
        view_fails(view, VIEW_TORN, "the list of modules changed while it was read");
}

bool view_read_kallsyms(struct view_sources *sources, struct view *view, bool first, int64_t until_ns)
{
    ssize_t got;

    if (first && !start(sources, view))
        return false;
    do {
        got = read(sources->kallsyms, sources->line + sources->line_used, BUFFER - sources->line_used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            view_fails(view, VIEW_UNAVAILABLE, "/proc/kallsyms cannot be read: %s", strerror(errno));
        if (got <= 0)
            break;
        sources->line_used += (size_t)got;
        take_lines(sources, view);
    } while (clock_boot_ns() < until_ns);
    if (got == 0)
        check_changes(sources, view);
    view_end(view);
    return got > 0;
}
