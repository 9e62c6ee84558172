/* SPDX-License-Identifier: MIT */
/* Where files can still be written. */
#ifndef MODTRAIL_LANDLOCK_H
#define MODTRAIL_LANDLOCK_H

#include <stdbool.h>

/*
 * From here on no file can be written, made or removed but under the working folder, which is the capture's, wherever it
 * is moved to; nowhere at all without `to_folder`. What is open stays as it is. Cannot be undone. Returns 0 or a negative errno: -ENOSYS or -EOPNOTSUPP where the kernel has no
 * Landlock (before 5.13, or not switched on).
 */
int landlock_confine(bool to_folder);

#endif
