/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What SQLite may put beside the file. */
static const char *const beside[] = {"-wal", "-shm", "-journal"};

#define LONGEST_BESIDE 8

static int find(const char *path, struct place *place)
{
    char for_folder[PATH_MAX], for_name[PATH_MAX];
    const char *name;

    if (strlen(path) >= sizeof(for_folder))
        return -ENAMETOOLONG;
    strcpy(for_folder, path);
    strcpy(for_name, path);
    name = basename(for_name);
    if (path[strlen(path) - 1] == '/' || !strcmp(name, "/") || !strcmp(name, ".") || !strcmp(name, ".."))
        return -EISDIR;
    if (strlen(name) + LONGEST_BESIDE > NAME_MAX)
        return -ENAMETOOLONG;
    strcpy(place->name, name);
    strcpy(place->first, name);
    place->folder = open(dirname(for_folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place->folder < 0)
        return -errno;
    if (fchdir(place->folder) || !getcwd(place->path, sizeof(place->path)))
        return -errno;
    if (!strcmp(place->path, "/"))
        *place->path = '\0';
    return 0;
}

int place_open(const char *path, struct place *ret_place, char *ret_error, size_t error_size)
{
    int r;

    ret_place->folder = -1;
    r = find(path, ret_place);
    if (r)
        snprintf(ret_error, error_size, "%.*s cannot be created: %s", PATH_MAX, path, strerror(-r));
    return r;
}

void place_close(struct place *place)
{
    if (place->folder >= 0)
        close(place->folder);
    place->folder = -1;
}

int place_name_part(struct place *place, int part)
{
    const char *dot = strrchr(place->first, '.');
    size_t stem = dot && dot != place->first ? (size_t)(dot - place->first) : strlen(place->first);
    int length =
        snprintf(place->name, sizeof(place->name), "%.*s-%d%s", (int)stem, place->first, part, place->first + stem);

    return length + LONGEST_BESIDE > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* The name with something behind it; both fit, as place_open and place_name_part saw to it. */
static const char *name_beside(const struct place *place, const char *suffix, char ret_name[PLACE_NAME])
{
    snprintf(ret_name, PLACE_NAME, "%.*s%s", NAME_MAX - LONGEST_BESIDE, place->name, suffix);
    return ret_name;
}

int place_create(const struct place *place, char *ret_error, size_t error_size)
{
    char name[PLACE_NAME];
    struct stat found;
    size_t i;
    int file, r;

    for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        name_beside(place, beside[i], name);
        if (!fstatat(place->folder, name, &found, AT_SYMLINK_NOFOLLOW)) {
            snprintf(ret_error, error_size,
                     "%s/%s exists already: the capture beside it would be mixed with what it holds", place->path,
                     name);
            return -EEXIST;
        }
    }
    file = openat(place->folder, place->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    r = -errno;
    snprintf(ret_error, error_size,
             r == -EEXIST ? "%s/%s exists already: a capture is never written over a file"
                          : "%s/%s cannot be created: %s",
             place->path, place->name, strerror(-r));
    return r;
}

static bool is_own(const struct stat *file)
{
    return S_ISREG(file->st_mode) && file->st_nlink == 1 && file->st_uid == geteuid();
}

int place_open_log(const struct place *place)
{
    char name[PLACE_NAME];
    struct stat found;
    int log;

    if (fstatat(place->folder, name_beside(place, "-shm", name), &found, AT_SYMLINK_NOFOLLOW) || !is_own(&found))
        return -EBUSY;
    log = openat(place->folder, name_beside(place, "-wal", name), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (log < 0)
        return -errno;
    if (!fstat(log, &found) && is_own(&found))
        return log;
    close(log);
    return -EBUSY;
}

void place_remove(const struct place *place)
{
    char name[PLACE_NAME];
    size_t i;

    for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
        unlinkat(place->folder, name_beside(place, beside[i], name), 0);
    unlinkat(place->folder, place->name, 0);
}

static bool is_other(const struct place *place, const char *name, int file)
{
    struct stat own, named;

    if (fstatat(place->folder, name, &named, AT_SYMLINK_NOFOLLOW))
        return false;
    return fstat(file, &own) || own.st_ino != named.st_ino || own.st_dev != named.st_dev;
}

bool place_is_taken(const struct place *place, int file)
{
    return is_other(place, place->name, file);
}

bool place_log_is_taken(const struct place *place, int log)
{
    char name[PLACE_NAME];

    return is_other(place, name_beside(place, "-wal", name), log);
}

int place_open_ballast(const struct place *place, size_t bytes)
{
    static const char zeros[64 << 10];
    char name[PLACE_NAME];
    int file = openat(place->folder, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);

    if (file < 0) {
        file = openat(place->folder, name_beside(place, "-room", name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0)
            return -errno;
        unlinkat(place->folder, name, 0);
    }
    while (bytes > 0) {
        ssize_t written = write(file, zeros, bytes < sizeof(zeros) ? bytes : sizeof(zeros));

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break; /* what there is will do */
        bytes -= (size_t)written;
    }
    return file;
}

const char *place_look(const struct place *place, int file, char *ret_detail, size_t detail_size)
{
    struct stat own, named;

    if (fstat(file, &own))
        return NULL;
    if (own.st_nlink == 0) {
        snprintf(ret_detail, detail_size, "%s/%s was deleted", place->path, place->name);
        return "file-gone";
    }
    if (fstatat(place->folder, place->name, &named, AT_SYMLINK_NOFOLLOW)) {
        snprintf(ret_detail, detail_size, "%s/%s is no longer there: it was moved or renamed", place->path,
                 place->name);
        return "file-gone";
    }
    if (own.st_ino != named.st_ino || own.st_dev != named.st_dev) {
        snprintf(ret_detail, detail_size, "%s/%s was replaced by another file", place->path, place->name);
        return "file-gone";
    }
    if (faccessat(place->folder, ".", W_OK | X_OK, 0)) {
        snprintf(ret_detail, detail_size, "nothing can be created in the folder %s any more: %s",
                 *place->path ? place->path : "/", strerror(errno));
        return "folder-read-only";
    }
    return NULL;
}
