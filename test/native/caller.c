// SPDX-License-Identifier: MIT
//
// Makes calls to finit_module, init_module and delete_module and prints one line of JSON for each: what was passed and
// what came back. Tests hold a capture against these lines. Bytes (texts, paths, names) are in hexadecimal.
//
//   caller odd              arguments that no honest program passes
//   caller compat           the three calls through int 0x80, as a 32-bit program makes them
//   caller once [WORD…]     one call; the words are there to be recorded
//   caller named HEX        one call by a thread of that name
//   caller vfork            one call between vfork and exec
//   caller orphan           one call by a process whose parent is gone
//   caller chain N          one call by the youngest of N generations
//   caller deep FOLDER N    one call with a file N folders below FOLDER
//   caller late FILE TEXT   loads FILE with a text that is not in memory before the kernel asks for it
//   caller paced N MS       N calls, one every MS milliseconds, each printed with the boot time after it
//   caller steady RATE S    RATE calls a second for S seconds, all different; prints now and then how many were made
//   caller changing         changes its name, rights, arguments and parent between calls of one thread
//   caller threads N M      N threads with M calls each, every call with a text of its own
//   caller flood N M        the same, printing only how many calls were made
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNREADABLE ((const char *)-1) // a text that nobody can read

struct made {
    const char *call, *label;
    uint64_t args[3];
    const char *text; // NULL: a null pointer
    int file;         // -1: none
    bool compat;
};

static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;
static long count;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void print_hex(const char *name, const char *bytes, size_t length)
{
    printf(",\"%s\":\"", name);
    for (size_t i = 0; i < length; i++)
        printf("%02x", (unsigned char)bytes[i]);
    printf("\"");
}

static void print_path(int file)
{
    char link[64], path[8192];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    length = file < 0 ? -1 : readlink(link, path, sizeof(path));
    if (length >= 0)
        print_hex("path", path, (size_t)length);
}

/* Its arguments as they lie in its memory. */
static void print_arguments(void)
{
    char bytes[8192];
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t length = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

    if (file)
        fclose(file);
    print_hex("argv", bytes, length);
}

/* From the parent to the first process, by /proc. */
static void print_chain(void)
{
    int pid = getppid();

    printf(",\"chain\":[");
    while (pid > 0) {
        char path[64], text[512], *rest;
        FILE *file;
        int parent;

        snprintf(path, sizeof(path), "/proc/%d/stat", pid);
        file = fopen(path, "r");
        if (!file || !fgets(text, sizeof(text), file) || !(rest = strrchr(text, ')')) ||
            sscanf(rest + 1, " %*c %d", &parent) != 1)
            break;
        fclose(file);
        printf("%d%s", pid, parent > 0 ? "," : "");
        pid = parent;
    }
    printf("]");
}

static void report(const struct made *made, long result)
{
    char comm[16] = "";

    prctl(PR_GET_NAME, comm);
    pthread_mutex_lock(&printing);
    printf("{\"call\":\"%s\",\"label\":\"%s\",\"args\":[\"%lld\",\"%lld\",\"%lld\"],\"return\":%ld,\"pid\":%d,"
           "\"tid\":%d,\"uid\":%d,\"euid\":%d,\"compat\":%s",
           made->call, made->label, (long long)made->args[0], (long long)made->args[1], (long long)made->args[2],
           result, (int)getpid(), (int)gettid(), (int)getuid(), (int)geteuid(), made->compat ? "true" : "false");
    print_hex("comm", comm, strnlen(comm, sizeof(comm)));
    if (made->text == UNREADABLE)
        printf(",\"readable\":false");
    else if (made->text)
        print_hex("text", made->text, strlen(made->text));
    print_path(made->file);
    print_arguments();
    print_chain();
    printf("}\n");
    fflush(stdout);
    pthread_mutex_unlock(&printing);
}

static long result_of(long result)
{
    return result < 0 ? -errno : result;
}

/* `shown` is what a reader finds at `text`. */
static long finit_shown(const char *label, int file, const void *text, const char *shown, uint64_t flags)
{
    long result = result_of(syscall(SYS_finit_module, (long)file, text, flags));

    report(&(struct made){"finit_module", label, {(uint64_t)(int64_t)file, (uint64_t)text, flags}, shown, file, false},
           result);
    return result;
}

/* A copy is in memory for certain: of a literal's page nobody can say whether it has been needed yet. */
static const char *resident(const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        die("strdup");
    return copy;
}

static void finit(const char *label, int file, const char *text, uint64_t flags)
{
    text = resident(text);
    finit_shown(label, file, text, text, flags);
}

static void init(const char *label, const void *image, uint64_t length, const char *text)
{
    long result;

    text = resident(text);
    result = result_of(syscall(SYS_init_module, image, length, text));

    report(&(struct made){"init_module", label, {(uint64_t)image, length, (uint64_t)text}, text, -1, false}, result);
}

static void unload_shown(const char *label, const void *name, const char *shown, uint64_t flags)
{
    long result = result_of(syscall(SYS_delete_module, name, flags));

    report(&(struct made){"delete_module", label, {(uint64_t)name, flags, 0}, shown, -1, false}, result);
}

static void unload(const char *label, const char *name, uint64_t flags)
{
    name = resident(name);
    unload_shown(label, name, name, flags);
}

static char *text_of(size_t length)
{
    char *text = malloc(length + 1);

    if (!text)
        die("malloc");
    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + i % 26);
    text[length] = '\0';
    return text;
}

static int opened(const char *path, int flags)
{
    int file = open(path, flags, 0600);

    if (file < 0)
        die(path);
    return file;
}

static void odd_files(const char *path)
{
    struct rlimit limit = {4096, 4096};
    int file = opened(path, O_RDONLY), ends[2], closed = dup(file);

    close(closed);
    if (pipe(ends) || setrlimit(RLIMIT_NOFILE, &limit))
        die("pipe");
    finit("fd-minus-one", -1, "a=1", 0);
    finit("fd-minus-hundred", -100, "a=1", 0);
    finit("fd-closed", closed, "a=1", 0);
    finit("fd-huge", 0x7fffffff, "a=1", 0);
    finit("fd-pipe", ends[0], "a=1", 0);
    finit("fd-socket", socket(AF_UNIX, SOCK_STREAM, 0), "a=1", 0);
    finit("fd-eventfd", eventfd(0, 0), "a=1", 0);
    finit("fd-folder", opened("/tmp", O_RDONLY | O_DIRECTORY), "a=1", 0);
    finit("fd-root", opened("/", O_RDONLY | O_DIRECTORY), "a=1", 0);
    finit("fd-device", opened("/dev/null", O_RDONLY), "a=1", 0);
    finit("fd-proc", opened("/proc/self/status", O_RDONLY), "a=1", 0);
    finit("fd-write-only", opened(path, O_WRONLY), "a=1", 0);
    finit("fd-read-write", opened(path, O_RDWR), "a=1", 0);
    finit("fd-place-only", opened(path, O_PATH), "a=1", 0);
    finit("fd-memfd", memfd_create("odd module", 0), "a=1", 0);
    finit("fd-high", dup2(file, 3000), "a=1", 0);
    finit("fd-file", file, "a=1 b=\"two words\"", 0);
    if (symlink(path, "/tmp/odd-link"))
        die("symlink");
    finit("fd-link", opened("/tmp/odd-link", O_RDONLY), "a=1", 0);
    unlink("/tmp/odd-link");
    finit("fd-strange-name", opened("/tmp/new\nline \"quoted\" \xff\xfe.ko", O_RDONLY | O_CREAT), "a=1", 0);
}

static void odd_texts(int file, char *page)
{
    static const char invalid[] = "bytes=\xff\xfe\xc3(";
    static const size_t lengths[] = {1, 4095, 4096, 4097, 70000};
    char label[64], *edge = page + 4096 - 8;

    finit("text-null", file, NULL, 0);
    finit("text-empty", file, "", 0);
    finit("text-invalid", file, invalid, 0);
    finit("text-lines", file, "a=\"1\n2\"\tb=\\ \x1b[31m", 0);
    finit_shown("text-low-pointer", file, (void *)8, UNREADABLE, 0);
    finit_shown("text-kernel-pointer", file, (void *)0xffffffff81000000, UNREADABLE, 0);
    strcpy(edge, "edge=12");
    finit_shown("text-at-edge", file, edge, edge, 0);
    memset(edge, 'x', 8);
    finit_shown("text-over-edge", file, edge, UNREADABLE, 0);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char *text = text_of(lengths[i]);

        snprintf(label, sizeof(label), "text-%zu", lengths[i]);
        finit(label, file, text, 0);
        init(label, page, 12, text);
        unload(label, text, 0);
        free(text);
    }
    unload("name-invalid", invalid, 0xffffffff);
}

static void odd(void)
{
    static const uint64_t flags[] = {0, 1, 2, 4, 7, 8, 0x80000000, 0xffffffff, 0x100000001};
    char path[] = "/tmp/caller-XXXXXX", label[64];
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *gap = pages + 4096; // nothing is there
    int file = mkstemp(path);

    if (file < 0 || pages == MAP_FAILED || munmap(gap, 4096) || write(file, "not a module", 12) != 12)
        die(path);
    close(file);
    odd_files(path);
    file = opened(path, O_RDONLY);
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        snprintf(label, sizeof(label), "flags-%llx", (unsigned long long)flags[i]);
        finit(label, file, "flags", flags[i]);
    }
    odd_texts(file, pages);
    finit_shown("text-bad-pointer", file, gap, UNREADABLE, 0);
    unlink(path);
    finit("fd-deleted", file, "a=1", 0);
    init("length-zero", pages, 0, "a=1");
    init("length-2^63", pages, 1ull << 63, "a=1");
    init("length-max", pages, UINT64_MAX, "a=1");
    init("image-null", NULL, 4096, "a=1");
    init("image-bad-pointer", gap, 4096, "a=1");
    unload("name-unknown", "no_such_module", 0);
    unload("name-empty", "", 0x800);
    unload("name-null", NULL, 0);
    unload_shown("name-bad-pointer", gap, UNREADABLE, 0x200);
}

static long interrupt(long number, long a, long b, long c)
{
    long result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}

static void compat(void)
{
    char *low = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    uint64_t at = (uint64_t)low;
    int file = opened("/dev/null", O_RDONLY);

    strcpy(low, "from=32bit");
    report(&(struct made){"finit_module", "compat-none", {0xffffffff, at, 2}, low, -1, true},
           interrupt(350, -1, (long)at, 2));
    report(&(struct made){"finit_module", "compat-file", {(uint64_t)file, at, 0x80000000}, low, file, true},
           interrupt(350, file, (long)at, (int)0x80000000));
    report(&(struct made){"init_module", "compat-init", {at, 10, at}, low, -1, true},
           interrupt(128, (long)at, 10, (long)at));
    report(&(struct made){"delete_module", "compat-delete", {at, 0x800, 0}, low, -1, true},
           interrupt(129, (long)at, 0x800, 0));
}

static void named(const char *hex)
{
    char name[16] = "";

    for (size_t i = 0; i < sizeof(name) - 1 && sscanf(hex + 2 * i, "%2hhx", (unsigned char *)&name[i]) == 1; i++)
        if (strlen(hex) <= 2 * (i + 1))
            break;
    prctl(PR_SET_NAME, name);
    finit("named", -1, "", 0);
}

static void orphan(void)
{
    pid_t child = fork();

    if (child > 0) {
        waitpid(child, NULL, 0);
        usleep(300000); // the grandchild speaks before this program ends
        return;
    }
    child = getpid();
    if (fork() > 0)
        _exit(0);
    while (getppid() == child)
        usleep(1000);
    finit("orphan", -1, "orphan", 0);
    _exit(0);
}

static void chain(int generations)
{
    pid_t child = generations > 0 ? fork() : 0;

    if (generations == 0)
        finit("chain", -1, "chain", 0);
    else if (child == 0)
        chain(generations - 1);
    else
        waitpid(child, NULL, 0);
}

static void in_vfork(void)
{
    pid_t child = vfork();

    if (child == 0) {
        finit("vfork", -1, "vfork", 0);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void deep(const char *folder, int depth)
{
    if (chdir(folder))
        die(folder);
    for (int i = 0; i < depth; i++) {
        char name[128];

        snprintf(name, sizeof(name), "level-%03d-with-a-name-of-some-length-so-that-the-path-grows", i);
        mkdir(name, 0700);
        if (chdir(name))
            die(name);
    }
    finit("deep", opened("leaf.ko", O_CREAT | O_RDONLY), "", 0);
}

/* The text lies in a file that is mapped and not yet read: the kernel brings it in, an observer cannot. */
static void late(const char *module, const char *text)
{
    int file = opened("/tmp/caller-late", O_RDWR | O_CREAT | O_TRUNC);
    char *mapped;

    if (write(file, text, strlen(text) + 1) < 0)
        die("write");
    mapped = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED || madvise(mapped, 4096, MADV_RANDOM))
        die("mmap");
    finit_shown("late", opened(module, O_RDONLY), mapped, text, 0);
}

static volatile sig_atomic_t asked_to_end;

static void end_soon(int number)
{
    (void)number;
    asked_to_end = 1;
}

/* Ends between two calls: every call that was made is told. */
static void paced(int calls, int ms)
{
    signal(SIGTERM, end_soon);
    for (int i = 0; i < calls && !asked_to_end; i++) {
        char text[32];
        struct timespec now;

        snprintf(text, sizeof(text), "paced=%d", i);
        syscall(SYS_finit_module, -1, text, 0);
        clock_gettime(CLOCK_BOOTTIME, &now);
        printf("{\"text\":\"%s\",\"ns\":%lld}\n", text, now.tv_sec * 1000000000LL + now.tv_nsec);
        fflush(stdout);
        usleep((useconds_t)ms * 1000);
    }
}

/* Calls in bursts of 10 ms, no two of them the same; whoever is late makes up for it. */
static void steady(long rate, long seconds)
{
    struct timespec start, now;
    long made = 0;

    signal(SIGTERM, end_soon);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long told = 0; made < rate * seconds && !asked_to_end;) {
        long ms, due;

        clock_gettime(CLOCK_MONOTONIC, &now);
        ms = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
        due = rate * ms / 1000 < rate * seconds ? rate * ms / 1000 : rate * seconds;
        for (; made < due; made++) {
            char text[32];

            snprintf(text, sizeof(text), "steady=%ld", made);
            syscall(SYS_finit_module, -1, text, 0);
        }
        if (ms / 100 > told) {
            told = ms / 100;
            printf("{\"made\":%ld}\n", made);
            fflush(stdout);
        }
        usleep(10000);
    }
    printf("{\"made\":%ld}\n", made);
}

struct job {
    int index, calls;
    bool silent;
};

static void *work(void *argument)
{
    const struct job *job = argument;
    char text[64], label[64];

    for (int i = 0; i < job->calls; i++) {
        snprintf(text, sizeof(text), "thread=%d call=%d", job->index, i);
        snprintf(label, sizeof(label), "thread-%d-%d", job->index, i);
        if (job->silent) {
            syscall(SYS_finit_module, -1, text, job->index << 16 | i);
            __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
        } else {
            finit(label, -1, text, (uint64_t)(job->index << 16 | i));
        }
    }
    return NULL;
}

/* Failing calls, no two of them the same. */
static void fail_often(const char *what)
{
    for (int i = 0; i < 6; i++) {
        char text[64];

        snprintf(text, sizeof(text), "%s %d", what, i);
        finit(what, -1, text, 0);
    }
}

/* Whoever looks at the process once and takes it for the same afterwards is wrong each time. */
static void changing(char *own_name)
{
    int parent_waits[2], child_calls[2];
    char byte;

    if (pipe(parent_waits) || pipe(child_calls))
        exit(2);
    fail_often("as-begun");
    prctl(PR_SET_NAME, "another");
    fail_often("renamed");
    own_name[0] = '#';
    fail_often("arguments-changed");
    if (!seteuid(65534))
        fail_often("euid-changed");
    if (!seteuid(0))
        fail_often("euid-back");
    if (!setegid(65534))
        fail_often("egid-changed");
    if (!fork()) { /* a thread of its own, whose parent goes away */
        int before = getppid();

        fail_often("child");
        close(parent_waits[1]);
        close(child_calls[0]);
        close(child_calls[1]); /* only now may the parent go */
        if (read(parent_waits[0], &byte, 1))
            exit(2);
        while (getppid() == before)
            usleep(1000);
        fail_often("orphaned");
        exit(0);
    }
    close(child_calls[1]);
    if (read(child_calls[0], &byte, 1))
        exit(2);
}

static void threads(int number, int calls, bool silent)
{
    pthread_t *thread = calloc((size_t)number, sizeof(*thread));
    struct job *job = calloc((size_t)number, sizeof(*job));

    for (int i = 0; i < number; i++) {
        job[i] = (struct job){i, calls, silent};
        if (pthread_create(&thread[i], NULL, work, &job[i]))
            die("pthread_create");
    }
    for (int i = 0; i < number; i++)
        pthread_join(thread[i], NULL);
    if (silent)
        printf("{\"made\":%ld}\n", count);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (argc == 2 && !strcmp(mode, "odd"))
        odd();
    else if (argc == 2 && !strcmp(mode, "compat"))
        compat();
    else if (!strcmp(mode, "once"))
        finit("once", -1, "once", 0);
    else if (argc == 3 && !strcmp(mode, "named"))
        named(argv[2]);
    else if (argc == 2 && !strcmp(mode, "vfork"))
        in_vfork();
    else if (argc == 2 && !strcmp(mode, "orphan"))
        orphan();
    else if (argc == 3 && !strcmp(mode, "chain"))
        chain(atoi(argv[2]));
    else if (argc == 4 && !strcmp(mode, "deep"))
        deep(argv[2], atoi(argv[3]));
    else if (argc == 4 && !strcmp(mode, "late"))
        late(argv[2], argv[3]);
    else if (argc == 4 && !strcmp(mode, "paced"))
        paced(atoi(argv[2]), atoi(argv[3]));
    else if (argc == 4 && !strcmp(mode, "steady"))
        steady(atol(argv[2]), atol(argv[3]));
    else if (argc == 2 && !strcmp(mode, "changing"))
        changing(argv[0]);
    else if (argc == 4 && (!strcmp(mode, "threads") || !strcmp(mode, "flood")))
        threads(atoi(argv[2]), atoi(argv[3]), mode[0] == 'f');
    else
        return 2;
    return 0;
}
