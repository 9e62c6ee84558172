/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

/* Whether this process, as it is now, may use descriptors of BPF programs that it holds. */
static bool may_ask_about(int program)
{
    struct bpf_prog_info info = {0};
    uint32_t size = sizeof(info);

    return !bpf_obj_get_info_by_fd(program, &info, &size);
}

struct identity privilege_find_identity(const struct options *options)
{
    struct identity identity = {0};
    unsigned long user, group;

    /* Who was given this right alone is not given other users' with it. */
    if (read_id("PKEXEC_UID", &user) && user) {
        identity.user = (uid_t)user;
        identity.group = group_of(identity.user);
    } else if (options->has_user) {
        identity.user = options->user;
        identity.group = options->group;
    } else if (read_id("SUDO_UID", &user) && read_id("SUDO_GID", &group)) {
        identity.user = (uid_t)user;
        identity.group = (gid_t)group;
    }
    identity.drops = identity.user != 0;
    return identity;
}

int privilege_check_user(const struct options *options, char *ret_error, size_t error_size)
{
    struct identity identity = privilege_find_identity(options);

    if (!options->has_user || identity.user == options->user)
        return 0;
    snprintf(ret_error, error_size, "--user %u is not who was given the right to record: user %u", options->user,
             identity.user);
    return -EPERM;
}

/* The kernel's own interface: capabilities are kept in two words of 32 bits (capset(2)). */
static int set_capabilities(uint64_t permitted, uint64_t effective)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.permitted = (uint32_t)permitted, .effective = (uint32_t)effective},
        {.permitted = (uint32_t)(permitted >> 32), .effective = (uint32_t)(effective >> 32)},
    };

    return syscall(SYS_capset, &head, data) ? -errno : 0;
}

static bool has_capabilities(uint64_t permitted)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    return !syscall(SYS_capget, &head, data) && (data[0].permitted | (uint64_t)data[1].permitted << 32) == permitted &&
           (data[0].effective | (uint64_t)data[1].effective << 32) == permitted && !data[0].inheritable &&
           !data[1].inheritable;
}

/* Nothing that is ever executed or asked for brings a capability back. */
static int drop_bounding_set(void)
{
    int capability;

    for (capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
            return -errno;
    }
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ? -errno : 0;
}

int privilege_drop(const struct identity *identity, int program, bool *ret_keeps_bpf)
{
    const uint64_t bpf = 1ULL << CAP_BPF;
    bool keeps_bpf;
    int r;

    r = drop_bounding_set();
    if (r)
        return r;
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL))
        return -errno;
    if (identity->drops && (setresgid(identity->group, identity->group, identity->group) ||
                            setresuid(identity->user, identity->user, identity->user)))
        return -errno;
    r = set_capabilities(bpf, 0);
    if (r)
        return r;
    if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return -errno;
    keeps_bpf = program >= 0 && !may_ask_about(program);
    r = keeps_bpf ? set_capabilities(bpf, bpf) : set_capabilities(0, 0);
    if (r)
        return r;
    if (!has_capabilities(keeps_bpf ? bpf : 0) || (identity->drops && (!setuid(0) || geteuid() != identity->user)))
        return -EPERM;
    *ret_keeps_bpf = keeps_bpf;
    return 0;
}

int privilege_renounce(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
}
