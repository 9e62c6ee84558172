/* SPDX-License-Identifier: MIT */
#include "reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BCACHEFS 0xca451a4e /* not in every linux/magic.h */
#define STEP (2 << 20)      /* taken at once, so that it is asked for rarely */

static int take(struct reserve *reserve, int64_t bytes)
{
    while (fallocate(reserve->file, FALLOC_FL_KEEP_SIZE, reserve->held, bytes - reserve->held)) {
        if (errno == EINTR)
            continue;
        if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO)
            return -errno;
        bytes = INT64_MAX; /* the filesystem cannot */
        break;
    }
    reserve->held = bytes;
    return 0;
}

int reserve_hold(struct reserve *reserve, int64_t bytes)
{
    if (bytes <= reserve->held)
        return 0;
    return take(reserve, bytes + STEP) ? take(reserve, bytes) : 0;
}

bool reserve_is_sure(const struct reserve *reserve)
{
    struct statfs disk;

    if (reserve->held == INT64_MAX)
        return false;
    return fstatfs(reserve->file, &disk) || (disk.f_type != BTRFS_SUPER_MAGIC && disk.f_type != BCACHEFS);
}

void reserve_trim(struct reserve *reserve)
{
    struct stat file;

    /* Cutting a file to the size that it has frees the blocks behind it and nothing else. */
    if (!fstat(reserve->file, &file) && ftruncate(reserve->file, file.st_size))
        return;
    reserve->held = 0;
}
