/* SPDX-License-Identifier: MIT */
#include "view-sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int open_or_errno(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);

    return file < 0 ? -errno : file;
}

void view_sources_open(struct view_sources *sources, struct walks *walks)
{
    *sources = (struct view_sources){.walks = walks};
    sources->proc_modules = open_or_errno("/proc/modules");
    sources->kallsyms = open_or_errno("/proc/kallsyms");
    sources->sysfs = opendir("/sys/module");
    sources->sysfs_error = sources->sysfs ? 0 : errno;
}

void view_sources_close(struct view_sources *sources)
{
    if (sources->proc_modules >= 0)
        close(sources->proc_modules);
    if (sources->kallsyms >= 0)
        close(sources->kallsyms);
    if (sources->sysfs)
        closedir(sources->sysfs);
    free(sources->line);
    *sources = (struct view_sources){.proc_modules = -ENOENT, .kallsyms = -ENOENT};
}
