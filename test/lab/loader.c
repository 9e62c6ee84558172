// SPDX-License-Identifier: MIT
//
// Loads and unloads modules by the ways that kmod's programs do not have. Prints what came of it.
//
//   loader memory FILE TEXT             the file's bytes from memory: init_module
//   loader memfd FILE NAME TEXT         the file's bytes from a file that has no place in any folder
//   loader vanished FILE TEXT           the file is deleted before the call, while it is still open
//   loader file FILE FLAGS TEXT [rw]    finit_module with any flags; rw: opened for writing as well
//   loader changing FILE TEXT LATER MS  another thread writes LATER over TEXT when the call has run for MS milliseconds
//   loader churn FILE NAME TIMES        loads and unloads it, again and again
//   loader unload NAME FLAGS            delete_module without asking first whether the module is in use
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TEXT_SIZE 256

static char *given;       // where TEXT lies
static const char *later; // what is written there
static long after_ms;

static int told(const char *call, long result)
{
    if (result < 0)
        fprintf(stderr, "%s: %s\n", call, strerror(errno));
    return result < 0;
}

static int open_or_exit(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);

    if (file < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    return file;
}

static void *read_or_exit(const char *path, size_t *ret_size)
{
    int file = open_or_exit(path, O_RDONLY);
    struct stat facts;
    char *bytes;
    size_t got = 0;

    if (fstat(file, &facts) || !(bytes = malloc((size_t)facts.st_size + 1)))
        exit(2);
    while (got < (size_t)facts.st_size) {
        ssize_t step = read(file, bytes + got, (size_t)facts.st_size - got);

        if (step <= 0)
            exit(2);
        got += (size_t)step;
    }
    close(file);
    *ret_size = got;
    return bytes;
}

static int finit(int file, const char *text, long flags)
{
    return told("finit_module", syscall(SYS_finit_module, file, text, flags));
}

static int from_memory(const char *path, const char *text)
{
    size_t size;
    void *bytes = read_or_exit(path, &size);

    return told("init_module", syscall(SYS_init_module, bytes, size, text));
}

static int from_memfd(const char *path, const char *name, const char *text)
{
    size_t size;
    void *bytes = read_or_exit(path, &size);
    int file = memfd_create(name, MFD_CLOEXEC);

    if (file < 0 || write(file, bytes, size) != (ssize_t)size)
        exit(2);
    return finit(file, text, 0);
}

static int from_vanished(const char *path, const char *text)
{
    int file = open_or_exit(path, O_RDONLY);

    unlink(path);
    return finit(file, text, 0);
}

static void *change(void *unused)
{
    usleep((useconds_t)after_ms * 1000);
    strcpy(given, later);
    return unused;
}

static int while_changing(const char *path, const char *text, const char *text_later, long ms)
{
    static char buffer[TEXT_SIZE];
    int file = open_or_exit(path, O_RDONLY);
    pthread_t other;
    int result;

    if (strlen(text) >= TEXT_SIZE || strlen(text_later) >= TEXT_SIZE)
        exit(2);
    given = strcpy(buffer, text);
    later = text_later;
    after_ms = ms;
    if (pthread_create(&other, NULL, change, NULL))
        exit(2);
    result = finit(file, given, 0);
    pthread_join(other, NULL);
    return result;
}

static int churn(const char *path, const char *name, long times)
{
    long i;

    for (i = 0; i < times; i++) {
        int file = open_or_exit(path, O_RDONLY);

        if (finit(file, "", 0) || told("delete_module", syscall(SYS_delete_module, name, O_NONBLOCK)))
            return 1;
        close(file);
    }
    printf("%ld\n", i);
    return 0;
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";

    if (argc == 4 && !strcmp(way, "memory"))
        return from_memory(argv[2], argv[3]);
    if (argc == 5 && !strcmp(way, "memfd"))
        return from_memfd(argv[2], argv[3], argv[4]);
    if (argc == 4 && !strcmp(way, "vanished"))
        return from_vanished(argv[2], argv[3]);
    if ((argc == 5 || argc == 6) && !strcmp(way, "file"))
        return finit(open_or_exit(argv[2], argc == 6 ? O_RDWR : O_RDONLY), argv[4], strtol(argv[3], NULL, 0));
    if (argc == 6 && !strcmp(way, "changing"))
        return while_changing(argv[2], argv[3], argv[4], atol(argv[5]));
    if (argc == 5 && !strcmp(way, "churn"))
        return churn(argv[2], argv[3], atol(argv[4]));
    if (argc == 4 && !strcmp(way, "unload"))
        return told("delete_module", syscall(SYS_delete_module, argv[2], strtol(argv[3], NULL, 0)));
    fprintf(stderr, "usage: loader memory|memfd|vanished|file|changing|churn|unload …\n");
    return 2;
}
