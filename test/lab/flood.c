// SPDX-License-Identifier: MIT
//
// Makes failing calls as fast as it can, and prints how many: `flood WAY SECONDS`.
//
//   finit       finit_module(-1): there is no such file
//   small       init_module with 1 KiB that are no module
//   large       init_module with 4 KiB that are no module
//   alternate   the three in turn
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static char junk[4096];

static void call_finit(void)
{
    syscall(SYS_finit_module, -1, "a=1 b=2", 0);
}

static void call_small(void)
{
    syscall(SYS_init_module, junk, 1024, "a=1 b=2");
}

static void call_large(void)
{
    syscall(SYS_init_module, junk, 4096, "a=1 b=2");
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *way;
        int calls;
        void (*call[3])(void);
    } ways[] = {
        {"finit", 1, {call_finit}},
        {"small", 1, {call_small}},
        {"large", 1, {call_large}},
        {"alternate", 3, {call_finit, call_small, call_large}},
    };
    size_t way = 0;
    long made = 0;
    double end;

    while (argc == 3 && way < sizeof(ways) / sizeof(ways[0]) && strcmp(ways[way].way, argv[1]))
        way++;
    if (argc != 3 || way == sizeof(ways) / sizeof(ways[0])) {
        fprintf(stderr, "usage: flood finit|small|large|alternate SECONDS\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(junk); i++)
        junk[i] = (char)(i * 7);
    for (end = now() + atof(argv[2]); now() < end;) {
        for (int i = 0; i < 100; i++, made++)
            ways[way].call[made % ways[way].calls]();
    }
    printf("{\"way\":\"%s\",\"pid\":%d,\"uid\":%d,\"made\":%ld}\n", argv[1], (int)getpid(), (int)getuid(), made);
    return 0;
}
