/* SPDX-License-Identifier: MIT */
/* /sys/module: built-in code has a folder there too; only a loaded module has an initstate (kernel/module/sysfs.c). */
#include "view-sources.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads an attribute without its newline. Returns its length or a negative errno. */
static int read_attribute(int folder, const char *module, const char *attribute, char *ret_text, size_t size)
{
    char path[512];
    ssize_t got;
    int file;

    if ((size_t)snprintf(path, sizeof(path), "%s/%s", module, attribute) >= sizeof(path))
        return -ENAMETOOLONG;
    file = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -errno;
    got = read(file, ret_text, size - 1);
    if (got < 0) {
        int r = -errno;

        close(file);
        return r;
    }
    close(file);
    if (got > 0 && ret_text[got - 1] == '\n')
        got--;
    ret_text[got] = '\0';
    return (int)got;
}

static void take_folder(struct view *view, int folder, const char *name)
{
    struct view_module *module;
    char text[64];
    int r;

    if (name[0] == '.')
        return;
    r = read_attribute(folder, name, "initstate", text, sizeof(text));
    /* Built in, or just gone, or no folder: kernels that unpack modules have a file `compression` there. */
    if (r == -ENOENT || r == -ENODEV || r == -ENOTDIR)
        return;
    if (r < 0) {
        view_fails(view, VIEW_CUT, "/sys/module/%s/initstate cannot be read: %s", name, strerror(-r));
        return;
    }
    module = view_add(view, name);
    if (!module)
        return;
    module->state = view_keep(view, text);
    if (read_attribute(folder, name, "coresize", text, sizeof(text)) > 0)
        module->size = strtoll(text, NULL, 10);
    if (read_attribute(folder, name, "refcnt", text, sizeof(text)) > 0)
        module->references = strtoll(text, NULL, 10);
    if (read_attribute(folder, name, "taint", text, sizeof(text)) > 0)
        module->taints = view_keep(view, text);
}

bool view_read_sysfs(struct view_sources *sources, struct view *view, bool first, int64_t until_ns)
{
    struct dirent *entry = NULL;

    if (first) {
        view_begin(view, VIEW_SYSFS);
        if (!sources->sysfs) {
            view_fails(view, VIEW_UNAVAILABLE, "/sys/module cannot be opened: %s", strerror(sources->sysfs_error));
            return false;
        }
        rewinddir(sources->sysfs);
    }
    do {
        errno = 0;
        entry = readdir(sources->sysfs);
        if (entry)
            take_folder(view, dirfd(sources->sysfs), entry->d_name);
        else if (errno)
            view_fails(view, VIEW_UNAVAILABLE, "/sys/module cannot be read: %s", strerror(errno));
    } while (entry && clock_boot_ns() < until_ns);
    view_end(view);
    return entry != NULL;
}
