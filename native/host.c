/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int host_read_text(const char *path, char *ret_text, int size)
{
    int file, length = 0;

    ret_text[0] = '\0';
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -errno;
    while (length < size - 1) {
        ssize_t got = read(file, ret_text + length, (size_t)(size - 1 - length));

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += (int)got;
    }
    close(file);
    while (length > 0 && (ret_text[length - 1] == '\n' || ret_text[length - 1] == '\0'))
        length--;
    ret_text[length] = '\0';
    return length;
}

static bool read_integer(const char *path, int64_t *ret_value)
{
    char text[32], *end;

    if (host_read_text(path, text, sizeof(text)) <= 0)
        return false;
    if (!strcmp(text, "Y") || !strcmp(text, "N")) {
        *ret_value = text[0] == 'Y';
        return true;
    }
    errno = 0;
    *ret_value = strtoll(text, &end, 10);
    return !errno && end != text && !*end;
}

/* "none [integrity] confidentiality": the word in brackets holds. */
static void read_lockdown(char *ret_word, size_t size)
{
    char text[256], *from, *to;

    ret_word[0] = '\0';
    if (host_read_text("/sys/kernel/security/lockdown", text, sizeof(text)) <= 0)
        return;
    from = strchr(text, '[');
    to = from ? strchr(from, ']') : NULL;
    if (!to || (size_t)(to - from) > size)
        return;
    memcpy(ret_word, from + 1, (size_t)(to - from - 1));
    ret_word[to - from - 1] = '\0';
}

void host_read(struct host *ret_host)
{
    struct utsname name;

    memset(ret_host, 0, sizeof(*ret_host));
    host_read_text("/proc/sys/kernel/hostname", ret_host->name, sizeof(ret_host->name));
    host_read_text("/proc/sys/kernel/osrelease", ret_host->release, sizeof(ret_host->release));
    host_read_text("/proc/sys/kernel/version", ret_host->version, sizeof(ret_host->version));
    host_read_text("/proc/sys/kernel/random/boot_id", ret_host->boot_id, sizeof(ret_host->boot_id));
    host_read_text("/proc/cmdline", ret_host->command_line, sizeof(ret_host->command_line));
    if (!uname(&name))
        snprintf(ret_host->architecture, sizeof(ret_host->architecture), "%s", name.machine);
    read_lockdown(ret_host->lockdown, sizeof(ret_host->lockdown));
    ret_host->has_taint = read_integer("/proc/sys/kernel/tainted", &ret_host->taint);
    ret_host->has_modules_disabled = read_integer("/proc/sys/kernel/modules_disabled", &ret_host->modules_disabled);
    ret_host->has_signature_enforced =
        read_integer("/sys/module/module/parameters/sig_enforce", &ret_host->signature_enforced);
}
