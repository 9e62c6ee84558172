// SPDX-License-Identifier: MIT
//
// Makes calls to finit_module, init_module and delete_module and prints one line of JSON for each: what was passed and
// what came back. The tests hold a capture against these lines.
//
//   caller odd              arguments that no honest program passes
//   caller compat           the three calls through int 0x80, as a 32-bit program makes them
//   caller threads N M      N threads with M calls each, every call with a text of its own
//   caller flood N M        the same, printing only how many calls were made
//   caller deep FOLDER N    a file N folders below FOLDER
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long made;

static void report(const char *call, const char *label, uint64_t a, uint64_t b, uint64_t c, long result, int compat)
{
    printf("{\"call\":\"%s\",\"label\":\"%s\",\"args\":[\"%lld\",\"%lld\",\"%lld\"],\"return\":%ld,\"tid\":%d,"
           "\"compat\":%d}\n",
           call, label, (long long)a, (long long)b, (long long)c, result, (int)gettid(), compat);
}

static long result_of(long result)
{
    return result < 0 ? -errno : result;
}

static void finit(const char *label, uint64_t fd, const void *text, uint64_t flags)
{
    long result = result_of(syscall(SYS_finit_module, fd, text, flags));

    report("finit_module", label, fd, (uint64_t)text, flags, result, 0);
}

static void init(const char *label, const void *image, uint64_t length, const void *text)
{
    long result = result_of(syscall(SYS_init_module, image, length, text));

    report("init_module", label, (uint64_t)image, length, (uint64_t)text, result, 0);
}

static void unload(const char *label, const void *name, uint64_t flags)
{
    long result = result_of(syscall(SYS_delete_module, name, flags));

    report("delete_module", label, (uint64_t)name, flags, 0, result, 0);
}

static char *text_of(size_t length)
{
    char *text = malloc(length + 1);

    if (!text)
        exit(2);
    memset(text, 'x', length);
    text[length] = '\0';
    return text;
}

static void odd(void)
{
    static const uint64_t flags[] = {0, 1, 2, 4, 7, 8, 0x80000000, 0xffffffff};
    static const char invalid[] = "bytes=\xff\xfe\xc3(";
    static const size_t lengths[] = {1, 4095, 4096, 4097, 70000};
    char path[] = "/tmp/caller-XXXXXX";
    char label[64];
    int file = mkstemp(path), closed, ends[2], folder, memory;
    void *unmapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *name = text_of(16);

    if (file < 0 || pipe(ends) || !name)
        exit(2);
    if (write(file, "not a module", 12) != 12)
        exit(2);
    close(file);
    file = open(path, O_RDONLY);
    folder = open("/tmp", O_RDONLY | O_DIRECTORY);
    memory = (int)syscall(SYS_memfd_create, "odd module", 0);
    closed = dup(file);
    close(closed);
    munmap(unmapped, 4096);

    finit("fd-minus-one", (uint64_t)-1, "a=1", 0);
    finit("fd-closed", (uint64_t)closed, "a=1", 0);
    finit("fd-huge", 0x7fffffff, "a=1", 0);
    finit("fd-pipe", (uint64_t)ends[0], "a=1", 0);
    finit("fd-folder", (uint64_t)folder, "a=1", 0);
    finit("fd-memfd", (uint64_t)memory, "a=1", 0);
    finit("fd-file", (uint64_t)file, "a=1 b=\"two words\"", 0);
    unlink(path);
    finit("fd-deleted", (uint64_t)file, "a=1", 0);
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        snprintf(label, sizeof(label), "flags-%llx", (unsigned long long)flags[i]);
        finit(label, (uint64_t)file, "flags", flags[i]);
    }
    finit("text-null", (uint64_t)file, NULL, 0);
    finit("text-empty", (uint64_t)file, "", 0);
    finit("text-invalid", (uint64_t)file, invalid, 0);
    finit("text-bad-pointer", (uint64_t)file, unmapped, 0);
    finit("text-low-pointer", (uint64_t)file, (void *)8, 0);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char *text = text_of(lengths[i]);

        snprintf(label, sizeof(label), "text-%zu", lengths[i]);
        finit(label, (uint64_t)file, text, 0);
        init(label, path, 12, text);
        free(text);
    }
    init("length-zero", path, 0, "a=1");
    init("length-huge", path, 1ull << 63, "a=1");
    init("length-max", path, UINT64_MAX, "a=1");
    init("image-null", NULL, 4096, "a=1");
    init("image-bad-pointer", unmapped, 4096, "a=1");
    unload("name-unknown", "no_such_module", 0);
    unload("name-empty", "", 0x800);
    unload("name-null", NULL, 0);
    unload("name-long", text_of(300), 0x200);
    unload("name-invalid", invalid, 0xffffffff);
    unload("name-bad-pointer", unmapped, 0);
}

static long interrupt(long number, long a, long b, long c)
{
    long result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory", "r8", "r9", "r10", "r11");
    return result;
}

static void compat(void)
{
    char *low = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    long at = (long)low, result;

    strcpy(low, "from=32bit");
    result = interrupt(350, -1, at, 2);
    report("finit_module", "compat-finit", 0xffffffff, (uint64_t)at, 2, result, 1);
    result = interrupt(128, at, 10, at);
    report("init_module", "compat-init", (uint64_t)at, 10, (uint64_t)at, result, 1);
    result = interrupt(129, at, 0x800, 0);
    report("delete_module", "compat-delete", (uint64_t)at, 0x800, 0, result, 1);
}

struct job {
    int index, calls, silent;
};

static void *work(void *argument)
{
    const struct job *job = argument;
    char text[64], label[64];

    for (int i = 0; i < job->calls; i++) {
        snprintf(text, sizeof(text), "thread=%d call=%d", job->index, i);
        snprintf(label, sizeof(label), "thread-%d-%d", job->index, i);
        if (job->silent) {
            syscall(SYS_finit_module, -1, text, (job->index << 16) | i);
            __atomic_fetch_add(&made, 1, __ATOMIC_RELAXED);
        } else {
            finit(label, (uint64_t)-1, text, (uint64_t)((job->index << 16) | (i & 0xffff)));
        }
    }
    return NULL;
}

static void threads(int count, int calls, int silent)
{
    pthread_t *thread = calloc((size_t)count, sizeof(*thread));
    struct job *job = calloc((size_t)count, sizeof(*job));

    for (int i = 0; i < count; i++) {
        job[i] = (struct job){i, calls, silent};
        if (pthread_create(&thread[i], NULL, work, &job[i]))
            exit(2);
    }
    for (int i = 0; i < count; i++)
        pthread_join(thread[i], NULL);
    if (silent)
        printf("{\"made\":%ld}\n", made);
}

static void deep(const char *folder, int depth)
{
    int file;

    if (chdir(folder))
        exit(2);
    for (int i = 0; i < depth; i++) {
        char name[32];

        snprintf(name, sizeof(name), "level%03d", i);
        mkdir(name, 0700);
        if (chdir(name))
            exit(2);
    }
    file = open("leaf.ko", O_CREAT | O_RDONLY, 0600);
    finit("deep", (uint64_t)file, "", 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "odd"))
        odd();
    else if (argc == 2 && !strcmp(argv[1], "compat"))
        compat();
    else if (argc == 4 && !strcmp(argv[1], "threads"))
        threads(atoi(argv[2]), atoi(argv[3]), 0);
    else if (argc == 4 && !strcmp(argv[1], "flood"))
        threads(atoi(argv[2]), atoi(argv[3]), 1);
    else if (argc == 4 && !strcmp(argv[1], "deep"))
        deep(argv[2], atoi(argv[3]));
    else
        return 2;
    return 0;
}
