/* SPDX-License-Identifier: MIT */
/*
 * Where the capture lies. Its folder is opened once and becomes the working folder; everything else is by name relative
 * to it, so that a folder that is moved is followed, and a path that is bent meanwhile leads nowhere else.
 */
#ifndef MODTRAIL_PLACE_H
#define MODTRAIL_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PLACE_NAME (NAME_MAX + 1)
#define PLACE_TEXT                                                                                                     \
    (PATH_MAX + PLACE_NAME + 256) /* a sentence about one: its name does not take the place of the rest */

struct place {
    int folder;             /* O_PATH */
    char path[PATH_MAX];    /* of the folder, absolute, as it was at the beginning; "" for the root */
    char name[PLACE_NAME];  /* of the file */
    char first[PLACE_NAME]; /* of the first part */
};

/* Opens the folder and goes there. Returns 0, or a negative errno with a sentence in `ret_error`. */
int place_open(const char *path, struct place *ret_place, char *ret_error, size_t error_size);

void place_close(struct place *place);

/* The name of another part: x.modtrail becomes x-2.modtrail. Returns 0 or -ENAMETOOLONG. */
int place_name_part(struct place *place, int part);

/*
 * Creates the file, which must not exist, nor anything with the name of its log. Nothing is followed. Returns a
 * descriptor for reading and writing, or a negative errno with a sentence in `ret_error`.
 */
int place_create(const struct place *place, char *ret_error, size_t error_size);

/* Opens the log that now lies beside the file, if it is this user's own and new. Returns it or a negative errno. */
int place_open_log(const struct place *place);

void place_remove(const struct place *place);

/* Whether the name of the file, or of its log, now belongs to something else. */
bool place_is_taken(const struct place *place, int file);
bool place_log_is_taken(const struct place *place, int log);

/*
 * A file without a name in the folder that takes up `bytes` bytes, for filesystems where no room can be set aside:
 * closing it frees them. Returns a descriptor or a negative errno.
 */
int place_open_ballast(const struct place *place, size_t bytes);

/* What has become of `file`: NULL, "file-gone" or "folder-read-only", with a sentence. */
const char *place_look(const struct place *place, int file, char *ret_detail, size_t detail_size);

#endif
