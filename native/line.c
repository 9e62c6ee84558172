/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

bool line_is_screen(int file)
{
    return tcgetsid(file) >= 0; /* answers for the controlling terminal only */
}

bool line_has_speaker(int file)
{
    const dev_t nothing = makedev(1, 3); /* /dev/null */
    struct stat found;

    if (fstat(file, &found))
        return false;
    if (S_ISFIFO(found.st_mode) || S_ISSOCK(found.st_mode))
        return true;
    return S_ISCHR(found.st_mode) && found.st_rdev != nothing && !line_is_screen(file);
}

int line_make_raw(int file, char *ret_error, size_t error_size)
{
    struct termios settings;

    if (tcgetattr(file, &settings))
        return 0; /* no serial line */
    cfmakeraw(&settings);
    if (!tcsetattr(file, TCSANOW, &settings))
        return 0;
    snprintf(ret_error, error_size, "the serial line cannot be set up: %s", strerror(errno));
    return -errno;
}
