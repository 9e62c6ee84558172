/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct module_line {
    const char *name, *used_by, *state, *taints;
    int64_t size, references, address;
    bool has_size, has_references;
};

static int put_module(struct store *store, int64_t view_id, const struct module_line *line)
{
    return store_insert(store, TABLE_SNAPSHOT_MODULE,
                        (struct value[]){
                            value_integer(store_next_id(store, TABLE_SNAPSHOT_MODULE)),
                            value_integer(view_id),
                            value_any(line->name, strlen(line->name)),
                            line->has_size ? value_integer(line->size) : value_null(),
                            line->has_references ? value_integer(line->references) : value_null(),
                            line->used_by ? value_any_text(line->used_by) : value_null(),
                            line->state ? value_any_text(line->state) : value_null(),
                            value_null(),
                            line->address ? value_integer(line->address) : value_null(),
                            line->taints ? value_any_text(line->taints) : value_null(),
                        },
                        10);
}

/* "name size references used,by, Live 0xffffffffc0000000 (OE)" (kernel/module/procfs.c) */
static int put_proc_line(struct store *store, int64_t view_id, char *text)
{
    struct module_line line = {0};
    char *rest = NULL, *field;
    size_t length;

    line.name = strtok_r(text, " \n", &rest);
    if (!line.name)
        return 0;
    field = strtok_r(NULL, " \n", &rest);
    line.has_size = field != NULL;
    line.size = field ? strtoll(field, NULL, 10) : 0;
    field = strtok_r(NULL, " \n", &rest);
    line.has_references = field && strcmp(field, "-"); /* "-": unloading is not built in */
    line.references = line.has_references ? strtoll(field, NULL, 10) : 0;
    field = strtok_r(NULL, " \n", &rest);
    if (field && strcmp(field, "-")) {
        length = strlen(field);
        if (length && field[length - 1] == ',')
            field[length - 1] = '\0';
        line.used_by = field;
    }
    line.state = strtok_r(NULL, " \n", &rest);
    field = strtok_r(NULL, " \n", &rest);
    line.address = field ? (int64_t)strtoull(field, NULL, 16) : 0; /* 0: hidden from this user */
    line.taints = strtok_r(NULL, " \n", &rest);
    return put_module(store, view_id, &line);
}

static int put_proc_modules(struct store *store, int64_t view_id, FILE *file)
{
    char *text = NULL;
    size_t size = 0;
    int r = 0;

    while (!r && getline(&text, &size, file) > 0)
        r = put_proc_line(store, view_id, text);
    free(text);
    return r;
}

static int read_attribute(const char *module, const char *attribute, char *ret_text, int size)
{
    char path[512];

    if ((size_t)snprintf(path, sizeof(path), "/sys/module/%s/%s", module, attribute) >= sizeof(path))
        return -ENAMETOOLONG;
    return host_read_text(path, ret_text, size);
}

/* Built-in code has a folder there too; only a loaded module has an initstate (kernel/module/sysfs.c). */
static int put_sysfs(struct store *store, int64_t view_id, DIR *folder)
{
    struct dirent *entry;
    int r = 0;

    while (!r && (entry = readdir(folder))) {
        char state[32], size[32], references[32], taints[64];
        struct module_line line = {.name = entry->d_name, .state = state, .taints = taints};

        if (entry->d_name[0] == '.' || read_attribute(entry->d_name, "initstate", state, sizeof(state)) < 0)
            continue;
        line.has_size = read_attribute(entry->d_name, "coresize", size, sizeof(size)) > 0;
        line.size = line.has_size ? strtoll(size, NULL, 10) : 0;
        line.has_references = read_attribute(entry->d_name, "refcnt", references, sizeof(references)) > 0;
        line.references = line.has_references ? strtoll(references, NULL, 10) : 0;
        if (read_attribute(entry->d_name, "taint", taints, sizeof(taints)) < 0)
            line.taints = NULL;
        r = put_module(store, view_id, &line);
    }
    return r;
}

static int put_view(struct store *store, int64_t seq, const char *view, bool available, int64_t *ret_id)
{
    int64_t now = clock_boot_ns();

    *ret_id = store_next_id(store, TABLE_SNAPSHOT_VIEW);
    return store_insert(store, TABLE_SNAPSHOT_VIEW,
                        (struct value[]){value_integer(*ret_id), value_integer(seq), value_text(view), value_integer(1),
                                         value_text(available ? "whole" : "unavailable"), value_null(),
                                         value_integer(now), value_integer(now), value_null(), value_null()},
                        10);
}

int snapshot_take(struct recorder *recorder, struct store *store, const char *reason)
{
    FILE *proc = fopen("/proc/modules", "re");
    /* A kernel without module support shows its built-in code there, and no list. */
    DIR *sysfs = proc ? opendir("/sys/module") : NULL;
    int64_t seq, view_id, now = clock_boot_ns();
    int r;

    r = recorder_put_own(recorder, "snapshot", now, &seq);
    if (!r)
        r = store_insert(
            store, TABLE_SNAPSHOT_FACT,
            (struct value[]){value_integer(seq), value_text(reason), value_integer(now), value_integer(now)}, 4);
    if (!r)
        r = put_view(store, seq, "proc_modules", proc != NULL, &view_id);
    if (!r && proc)
        r = put_proc_modules(store, view_id, proc);
    if (!r)
        r = put_view(store, seq, "sysfs", sysfs != NULL, &view_id);
    if (!r && sysfs)
        r = put_sysfs(store, view_id, sysfs);
    if (proc)
        fclose(proc);
    if (sysfs)
        closedir(sysfs);
    return r;
}
