/* SPDX-License-Identifier: MIT */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14) /* since version 3 */
#endif

#define WRITING                                                                                                        \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |                    \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_CHAR |                      \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                     \
     LANDLOCK_ACCESS_FS_MAKE_SYM)
#define NEEDED (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)

int landlock_confine(bool to_folder)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t truncating = version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
    struct landlock_ruleset_attr rules = {.handled_access_fs = WRITING | LANDLOCK_ACCESS_FS_EXECUTE | truncating};
    struct landlock_path_beneath_attr folder = {.allowed_access = NEEDED | truncating, .parent_fd = -1};
    int set = -1, r = 0;

    if (version < 0)
        return -errno;
    set = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
    if (to_folder)
        folder.parent_fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (set < 0 ||
        (to_folder &&
         (folder.parent_fd < 0 || syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &folder, 0))) ||
        syscall(SYS_landlock_restrict_self, set, 0))
        r = -errno;
    if (set >= 0)
        close(set);
    if (folder.parent_fd >= 0)
        close(folder.parent_fd);
    return r;
}
