/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool read_id(const char *name, unsigned long *ret_id)
{
    const char *text = getenv(name);
    char *end;

    if (!text || *text < '0' || *text > '9')
        return false;
    errno = 0;
    *ret_id = strtoul(text, &end, 10);
    return !errno && !*end && *ret_id < UINT32_MAX;
}

/* pkexec names only the user; the group is looked up in a file, as a static program cannot load NSS modules. */
static gid_t group_of(uid_t user)
{
    char line[1024];
    FILE *file = fopen("/etc/passwd", "re");
    gid_t group = (gid_t)user;

    if (!file)
        return group;
    while (fgets(line, sizeof(line), file)) {
        char *name = strchr(line, ':');
        char *id = name ? strchr(name + 1, ':') : NULL;
        char *end;

        if (!id || strtoul(id + 1, &end, 10) != user || *end != ':')
            continue;
        group = (gid_t)strtoul(end + 1, NULL, 10);
        break;
    }
    fclose(file);
    return group;
}

struct identity privilege_find_identity(const struct options *options)
{
    struct identity identity = {0};
    unsigned long user, group;

    if (geteuid() != 0)
        return identity;
    if (options->has_user) {
        identity.user = options->user;
        identity.group = options->group;
    } else if (read_id("SUDO_UID", &user) && read_id("SUDO_GID", &group)) {
        identity.user = (uid_t)user;
        identity.group = (gid_t)group;
    } else if (read_id("PKEXEC_UID", &user)) {
        identity.user = (uid_t)user;
        identity.group = group_of(identity.user);
    }
    identity.drops = identity.user != 0;
    return identity;
}

int privilege_drop(const struct identity *identity)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return -errno;
    if (!identity->drops)
        return 0;
    /* Leaving uid 0 on all three ids clears every capability set but the bounding one (capabilities(7)). */
    if (setgroups(0, NULL))
        return -errno;
    if (setresgid(identity->group, identity->group, identity->group))
        return -errno;
    if (setresuid(identity->user, identity->user, identity->user))
        return -errno;
    if (setuid(0) == 0 || geteuid() == 0)
        return -EPERM;
    return 0;
}
