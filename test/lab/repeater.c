// SPDX-License-Identifier: MIT
//
// Repeats calls as programs that fail do, and prints one line of JSON: the thread, how many calls it made, and the boot
// times before the first and after the last. A test holds the sums of a capture against it.
//
//   repeater same N MS            N identical calls, one every MS milliseconds
//   repeater burst N              N identical calls as fast as possible, then waits for a signal
//   repeater turns N KINDS        N calls each of KINDS different ones, in turn
//   repeater images N SIZE        N calls with an image in memory whose last byte is another one each time
//   repeater texts N              N calls that differ only in the last letter of a long text, two texts in turn
//   repeater success FILE NAME N  N times: 20 failing calls, then one that loads FILE, then its removal
//   repeater blocked N MS         N identical calls, then the same one again, which takes MS milliseconds this time
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long made;
static int64_t first_ns, last_ns;

static int64_t boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void wait_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static long finit(int file, const char *text, int flags)
{
    long result;

    if (!made++)
        first_ns = boot_ns();
    result = syscall(SYS_finit_module, file, text, flags);
    last_ns = boot_ns();
    return result;
}

static long init(const void *image, size_t size, const char *text)
{
    long result;

    if (!made++)
        first_ns = boot_ns();
    result = syscall(SYS_init_module, image, size, text);
    last_ns = boot_ns();
    return result;
}

static void tell(const char *way)
{
    printf("{\"way\":\"%s\",\"pid\":%d,\"made\":%ld,\"firstNs\":%lld,\"lastNs\":%lld}\n", way, getpid(), made,
           (long long)first_ns, (long long)last_ns);
    fflush(stdout);
}

// One page that nobody has: whoever touches it waits until `fill_page` is done.
struct absent_page {
    int faults;
    char *page;
    size_t size;
    long after_ms;
};

static void *fill_page(void *argument)
{
    struct absent_page *absent = argument;
    struct uffd_msg fault;
    char *bytes = aligned_alloc(absent->size, absent->size);
    struct uffdio_copy copy = {.dst = (uintptr_t)absent->page, .src = (uintptr_t)bytes, .len = absent->size};

    memset(bytes, 'J', absent->size);
    if (read(absent->faults, &fault, sizeof(fault)) != sizeof(fault))
        exit(2);
    wait_ms(absent->after_ms);
    if (ioctl(absent->faults, UFFDIO_COPY, &copy))
        exit(2);
    return NULL;
}

static int blocked(long count, long ms)
{
    struct absent_page absent = {.size = (size_t)sysconf(_SC_PAGESIZE), .after_ms = ms};
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register area = {.mode = UFFDIO_REGISTER_MODE_MISSING};
    pthread_t filler;

    absent.page = mmap(NULL, absent.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    while (count-- > 0)
        init(absent.page, absent.size, "who=blocked"); // nobody may read there: EFAULT
    absent.faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    area.range.start = (uintptr_t)absent.page;
    area.range.len = absent.size;
    if (absent.faults < 0 || ioctl(absent.faults, UFFDIO_API, &api) ||
        mprotect(absent.page, absent.size, PROT_READ | PROT_WRITE) || ioctl(absent.faults, UFFDIO_REGISTER, &area) ||
        pthread_create(&filler, NULL, fill_page, &absent)) {
        perror("userfaultfd");
        return 2;
    }
    tell("before-blocked");
    init(absent.page, absent.size, "who=blocked");
    pthread_join(filler, NULL);
    tell("blocked");
    return 0;
}

static int success(const char *path, const char *name, long times)
{
    while (times-- > 0) {
        int file = open(path, O_RDONLY | O_CLOEXEC), i;

        for (i = 0; i < 20; i++)
            finit(file, "who=repeater", 0x40000000); // no such flag
        if (finit(file, "who=repeater", 0) || syscall(SYS_delete_module, name, 0))
            return 2;
        close(file);
    }
    tell("success");
    return 0;
}

int main(int argc, char **argv)
{
    const char *way = argc > 2 ? argv[1] : "";
    long count = argc > 2 ? atol(argv[2]) : 0, i, kind;

    if (!strcmp(way, "same") && argc == 4) {
        for (i = 0; i < count; i++) {
            finit(-1, "who=same", 0);
            wait_ms(atol(argv[3]));
        }
    } else if (!strcmp(way, "burst")) {
        for (i = 0; i < count; i++)
            finit(-1, "who=burst", 0);
        tell(way);
        pause();
        return 0;
    } else if (!strcmp(way, "turns") && argc == 4) {
        for (i = 0; i < count; i++)
            for (kind = 0; kind < atol(argv[3]); kind++)
                finit(-1, "who=turns", (int)(0x1000 + kind));
    } else if (!strcmp(way, "images") && argc == 4) {
        size_t size = (size_t)atol(argv[3]);
        char *image = malloc(size);

        memset(image, 'J', size);
        for (i = 0; i < count; i++) {
            image[size - 1] = (char)i;
            init(image, size, "who=images");
        }
    } else if (!strcmp(way, "texts")) {
        static char text[] = "who=the-same-for-a-long-while-and-then-not-0";

        for (i = 0; i < count; i++) {
            text[sizeof(text) - 2] = (char)('0' + i % 2);
            finit(-1, text, 0);
        }
    } else if (!strcmp(way, "success") && argc == 5) {
        return success(argv[2], argv[3], atol(argv[4]));
    } else if (!strcmp(way, "blocked") && argc == 4) {
        return blocked(count, atol(argv[3]));
    } else {
        return 2;
    }
    tell(way);
    return 0;
}
