/* SPDX-License-Identifier: MIT */
#include "view.h"

#include "clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULES_LIMIT 65536u
#define TEXT_LIMIT (16u << 20)

const char *view_name(enum view_kind kind)
{
    static const char *const names[VIEW_KINDS] = {"proc_modules", "sysfs",       "kallsyms",
                                                  "kernel_list",  "kernel_kset", "kernel_tree"};

    return names[kind];
}

const char *view_state_name(enum view_state state)
{
    static const char *const names[] = {"whole", "cut", "torn", "unavailable"};

    return names[state];
}

void view_begin(struct view *view, enum view_kind kind)
{
    view->kind = kind;
    view->state = VIEW_WHOLE;
    view->reason[0] = '\0';
    view->count = 0;
    view->text_used = 1; /* 0 is no text */
    view->out_of_memory = false;
    view->from_ns = view->to_ns = clock_boot_ns();
}

static bool grow(void **memory, size_t *room, size_t wanted, size_t size)
{
    size_t more = *room ? *room : 64;
    void *grown;

    while (more < wanted)
        more *= 2;
    if (*room && more == *room)
        return true;
    grown = realloc(*memory, more * size);
    if (!grown)
        return false;
    *memory = grown;
    *room = more;
    return true;
}

struct view_module *view_add(struct view *view, const char *name)
{
    struct view_module *module;

    if (view->count >= MODULES_LIMIT) {
        view_fails(view, VIEW_CUT, "more than %u modules", MODULES_LIMIT);
        return NULL;
    }
    if (!grow((void **)&view->module, &view->room, view->count + 1, sizeof(*module))) {
        view->out_of_memory = true;
        return NULL;
    }
    module = &view->module[view->count++];
    *module = (struct view_module){.name = view_keep(view, name), .size = -1, .references = -1};
    return module;
}

uint32_t view_keep(struct view *view, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    size_t place = view->text_used;

    if (!length)
        return 0;
    if (place + length + 1 > TEXT_LIMIT || !grow((void **)&view->text, &view->text_room, place + length + 1, 1)) {
        view->out_of_memory = true;
        return 0;
    }
    memcpy(view->text + place, text, length + 1);
    view->text_used = place + length + 1;
    return (uint32_t)place;
}

const char *view_text(const struct view *view, uint32_t text)
{
    return text ? view->text + text : NULL;
}

void view_fails(struct view *view, enum view_state state, const char *format, ...)
{
    va_list arguments;

    view->state = state;
    va_start(arguments, format);
    vsnprintf(view->reason, sizeof(view->reason), format, arguments);
    va_end(arguments);
}

void view_end(struct view *view)
{
    if (view->out_of_memory)
        view_fails(view, VIEW_CUT, "no memory for all of it");
    view->to_ns = clock_boot_ns();
}

static bool is_same_text(const struct view *view, uint32_t text, const struct view *other, uint32_t other_text)
{
    if (!text || !other_text)
        return text == other_text;
    return !strcmp(view_text(view, text), view_text(other, other_text));
}

bool view_is_same(const struct view *view, const struct view *other)
{
    size_t i;

    if (view->count != other->count)
        return false;
    for (i = 0; i < view->count; i++) {
        const struct view_module *one = &view->module[i], *two = &other->module[i];

        if (one->address != two->address || one->base != two->base || one->size != two->size)
            return false;
        if (!is_same_text(view, one->name, other, two->name) || !is_same_text(view, one->state, other, two->state))
            return false;
    }
    return true;
}

void view_free(struct view *view)
{
    free(view->module);
    free(view->text);
    *view = (struct view){0};
}
