/* SPDX-License-Identifier: MIT */
/* /proc/modules: "name size references used,by, Live 0xffffffffc0000000 (OE)" (kernel/module/procfs.c). */
#include "view-sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 10
#define TEXT_FIRST (64u << 10)
#define TEXT_LONGEST (4u << 20)

static void take_line(struct view *view, char *text)
{
    struct view_module *module;
    char *rest = NULL, *field;
    size_t length;

    field = strtok_r(text, " ", &rest);
    module = field ? view_add(view, field) : NULL;
    if (!module)
        return;
    field = strtok_r(NULL, " ", &rest);
    if (field)
        module->size = strtoll(field, NULL, 10);
    field = strtok_r(NULL, " ", &rest);
    if (field && strcmp(field, "-")) /* "-": unloading is not built in */
        module->references = strtoll(field, NULL, 10);
    field = strtok_r(NULL, " ", &rest);
    if (field && strcmp(field, "-")) {
        length = strlen(field);
        if (length && field[length - 1] == ',')
            field[length - 1] = '\0';
        module->used_by = view_keep(view, field);
    }
    module->state = view_keep(view, strtok_r(NULL, " ", &rest));
    field = strtok_r(NULL, " ", &rest);
    module->base = field ? strtoull(field, NULL, 16) : 0; /* 0: hidden from this user */
    module->taints = view_keep(view, strtok_r(NULL, " ", &rest));
}

/* The whole text. Returns NULL with a negative errno in `ret_error`. */
static char *read_all(int file, int *ret_error)
{
    size_t room = TEXT_FIRST, used = 0;
    char *text = malloc(room), *grown;
    ssize_t got = 0;

    if (text && lseek(file, 0, SEEK_SET) < 0)
        goto fail;
    while (text && (got = read(file, text + used, room - used - 1)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            goto fail;
        used += (size_t)got;
        if (used < room - 1)
            continue;
        grown = room < TEXT_LONGEST ? realloc(text, room * 2) : NULL;
        if (!grown)
            errno = EFBIG;
        if (!grown)
            goto fail;
        text = grown;
        room *= 2;
    }
    *ret_error = text ? 0 : -ENOMEM;
    if (text)
        text[used] = '\0';
    return text;
fail:
    *ret_error = -errno;
    free(text);
    return NULL;
}

static void read_once(int file, struct view *view)
{
    char *rest = NULL, *text, *line;
    int error;

    view_begin(view, VIEW_PROC_MODULES);
    text = read_all(file, &error);
    if (!text) {
        view_fails(view, VIEW_UNAVAILABLE, "/proc/modules cannot be read: %s", strerror(-error));
        return;
    }
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        take_line(view, line);
    free(text);
}

/*
 * The kernel hands the list over a page at a time, by positions in it: a module removed in between makes it leave out
 * another one. The tree of modules counts every change of the list, under the same lock.
 */
void view_read_proc_modules(struct view_sources *sources, struct view *view)
{
    uint32_t before, after;
    bool counted, changed;
    int tries = 0;

    if (sources->proc_modules < 0) {
        view_begin(view, VIEW_PROC_MODULES);
        view_fails(view, VIEW_UNAVAILABLE, "/proc/modules cannot be opened: %s", strerror(-sources->proc_modules));
        return;
    }
    do {
        counted = walks_sequence(sources->walks, &before);
        read_once(sources->proc_modules, view);
        changed = counted && walks_sequence(sources->walks, &after) && before != after;
    } while (changed && ++tries < TRIES);
    if (changed && view->state == VIEW_WHOLE)
        view_fails(view, VIEW_TORN, "the list of modules changed while it was read");
    view_end(view);
}
