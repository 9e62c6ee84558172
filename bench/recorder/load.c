/* SPDX-License-Identifier: MIT */
/*
 * What is measured in the guest, each in a process of its own:
 *
 *   load getppid N           a system call that nobody watches, N times: nanoseconds a call
 *   load module FILE NAME N  loads and unloads, N times: nanoseconds of each pair; a load that fails counts as well
 *   load flood SECONDS       two processes, finit_module(-1) and init_module with junk: calls made
 *   load distinct N          N calls of finit_module(-1), each with another text
 *   load usage SESSION       of all processes of a session: milliseconds of CPU, KiB resident
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int run_getppid(long count)
{
    int64_t start;
    long i;

    for (i = 0; i < count / 10; i++)
        syscall(SYS_getppid);
    start = now();
    for (i = 0; i < count; i++)
        syscall(SYS_getppid);
    printf("%.1f\n", (double)(now() - start) / (double)count);
    return 0;
}

static int run_module(const char *file, const char *name, long count)
{
    int module = open(file, O_RDONLY | O_CLOEXEC);

    if (module < 0) {
        perror(file);
        return 2;
    }
    while (count-- > 0) {
        int64_t start = now();

        if (!syscall(SYS_finit_module, module, "", 0))
            syscall(SYS_delete_module, name, O_NONBLOCK);
        printf("%lld\n", (long long)(now() - start));
    }
    return 0;
}

static uint64_t call_until(int64_t end, int which)
{
    static const char junk[4096] = "\177ELF, and then nothing that makes sense";
    uint64_t made = 0;

    while (made % 64 || now() < end) {
        if (which)
            syscall(SYS_init_module, junk, sizeof(junk), "a=1 b=2");
        else
            syscall(SYS_finit_module, -1, "a=1 b=2", 0);
        made++;
    }
    return made;
}

static int run_flood(long seconds)
{
    uint64_t *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t end = now() + seconds * 1000000000LL;
    int i;

    if (made == MAP_FAILED)
        return 2;
    for (i = 0; i < 2; i++) {
        if (fork() == 0) {
            made[i] = call_until(end, i);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    printf("%llu\n", (unsigned long long)(made[0] + made[1]));
    return 0;
}

static int run_distinct(long count)
{
    char text[64];
    long i;

    for (i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "a=1 b=2 number=%ld", i);
        syscall(SYS_finit_module, -1, text, 0);
    }
    return 0;
}

static int run_usage(long session)
{
    DIR *processes = opendir("/proc");
    long ticks = 0, pages = 0;
    struct dirent *entry;

    while (processes && (entry = readdir(processes))) {
        char path[300], text[1024], *rest;
        long user, system, children_user, children_system, resident;
        int its;
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
        file = fopen(path, "r");
        if (!file)
            continue;
        rest = fgets(text, sizeof(text), file) ? strrchr(text, ')') : NULL;
        fclose(file);
        if (!rest ||
            sscanf(rest + 1, " %*c %*d %*d %d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld %*d %*d %*d %*d %*u %*u %ld",
                   &its, &user, &system, &children_user, &children_system, &resident) != 6)
            continue;
        if (its != session)
            continue;
        ticks += user + system + children_user + children_system;
        pages += resident;
    }
    printf("%ld %ld\n", ticks * 1000 / sysconf(_SC_CLK_TCK), pages * 4);
    return 0;
}

int main(int count, char **words)
{
    const char *what = count > 2 ? words[1] : "";

    if (!strcmp(what, "getppid"))
        return run_getppid(atol(words[2]));
    if (!strcmp(what, "module") && count > 4)
        return run_module(words[2], words[3], atol(words[4]));
    if (!strcmp(what, "flood"))
        return run_flood(atol(words[2]));
    if (!strcmp(what, "distinct"))
        return run_distinct(atol(words[2]));
    if (!strcmp(what, "usage"))
        return run_usage(atol(words[2]));
    fprintf(stderr, "load: see the top of its source\n");
    return 2;
}
