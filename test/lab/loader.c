// SPDX-License-Identifier: MIT
//
// Loads and unloads modules by the ways that kmod's programs do not have. Prints what came of it.
//
//   loader memory FILE TEXT             the file's bytes from memory: init_module
//   loader memfd FILE NAME TEXT         the file's bytes from a file that has no place in any folder
//   loader vanished FILE TEXT           the file is deleted before the call, while it is still open
//   loader file FILE FLAGS TEXT [rw]    finit_module with any flags; rw: opened for writing as well
//   loader overwritten FILE TEXT        the file gets other bytes as soon as the call has returned
//   loader together N TEXT FILE…        N threads at the same moment, with one file after the other; text and number
//   loader changing FILE TEXT LATER MS  another thread writes LATER over TEXT when the call has run for MS milliseconds
//   loader churn FILE NAME TIMES        loads and unloads it, again and again
//   loader flipping FILE TEXT AT N PARAMETER
//                                       N times: loads FILE, while another thread changes the digit at TEXT[AT] all the
//                                       time, prints what /sys/module/PARAMETER then holds, and unloads it again
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

static int overwritten(const char *path, const char *text)
{
    static const char other[4096] = "these are not the bytes that were loaded";
    int file = open_or_exit(path, O_RDONLY), result, writer;

    result = finit(file, text, 0);
    close(file);
    writer = open_or_exit(path, O_WRONLY | O_TRUNC);
    if (write(writer, other, sizeof(other)) != (ssize_t)sizeof(other))
        exit(2);
    close(writer);
    return result;
}

static pthread_barrier_t start;

struct share {
    const char *path, *text;
    int index;
};

static void *load_share(void *argument)
{
    const struct share *share = argument;
    int file = open_or_exit(share->path, O_RDONLY);
    char text[TEXT_SIZE];
    long result;

    snprintf(text, sizeof(text), "%s%d", share->text, share->index);
    pthread_barrier_wait(&start);
    result = syscall(SYS_finit_module, file, text, 0);
    printf("{\"text\":\"%s\",\"path\":\"%s\",\"return\":%d}\n", text, share->path, result < 0 ? -errno : 0);
    close(file);
    return NULL;
}

static int together(int number, const char *text, char **paths, int count)
{
    pthread_t threads[64];
    struct share shares[64];

    if (number < 1 || number > 64 || pthread_barrier_init(&start, NULL, (unsigned int)number))
        exit(2);
    for (int i = 0; i < number; i++) {
        shares[i] = (struct share){paths[i % count], text, i};
        if (pthread_create(&threads[i], NULL, load_share, &shares[i]))
            exit(2);
    }
    for (int i = 0; i < number; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static volatile int flips = 1;

static void *flip(void *digit)
{
    volatile char *at = digit;

    while (flips)
        *at = *at == '9' ? '1' : (char)(*at + 1);
    return NULL;
}

/* PARAMETER is "MODULE/parameters/NAME". */
static int while_flipping(const char *path, const char *text, size_t at, int times, const char *parameter)
{
    static char buffer[TEXT_SIZE];
    char place[TEXT_SIZE], name[TEXT_SIZE];
    pthread_t other;

    if (strlen(text) >= TEXT_SIZE || at >= strlen(text))
        exit(2);
    strcpy(buffer, text);
    snprintf(place, sizeof(place), "/sys/module/%s", parameter);
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(parameter, "/"), parameter);
    if (pthread_create(&other, NULL, flip, buffer + at))
        exit(2);
    for (int i = 0; i < times; i++) {
        int file = open_or_exit(path, O_RDONLY), value = -1;
        FILE *kept;

        if (finit(file, buffer, 0) || !(kept = fopen(place, "r")) || fscanf(kept, "%d", &value) != 1)
            exit(1);
        fclose(kept);
        close(file);
        printf("{\"kept\":%d}\n", value);
        if (syscall(SYS_delete_module, name, O_NONBLOCK))
            exit(1);
    }
    flips = 0;
    pthread_join(other, NULL);
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
    if (argc == 4 && !strcmp(way, "overwritten"))
        return overwritten(argv[2], argv[3]);
    if (argc >= 5 && !strcmp(way, "together"))
        return together(atoi(argv[2]), argv[3], argv + 4, argc - 4);
    if (argc == 7 && !strcmp(way, "flipping"))
        return while_flipping(argv[2], argv[3], (size_t)atol(argv[4]), atoi(argv[5]), argv[6]);
    if (argc == 6 && !strcmp(way, "changing"))
        return while_changing(argv[2], argv[3], argv[4], atol(argv[5]));
    if (argc == 5 && !strcmp(way, "churn"))
        return churn(argv[2], argv[3], atol(argv[4]));
    if (argc == 4 && !strcmp(way, "unload"))
        return told("delete_module", syscall(SYS_delete_module, argv[2], strtol(argv[3], NULL, 0)));
    fprintf(stderr, "usage: loader memory|memfd|vanished|file|overwritten|together|changing|churn|flipping|unload …\n");
    return 2;
}
