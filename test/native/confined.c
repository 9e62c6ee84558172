/* SPDX-License-Identifier: MIT */
/*
 * Makes system calls under the recorder's own filter (native/seccomp.c) and prints what became of each:
 *   needed   calls that recording makes
 *   folder   what touches files within the working folder, and outside, when it may write only there
 *   others   calls that it has no use for; where one were let through, this program would do it no harm
 *   compat, x32   one call by the numbers of another architecture
 */
#include "../../native/landlock.c"
#include "../../native/seccomp.c"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static void say(const char *name, long result)
{
    printf("%s %s\n", name, result != -1 ? "ok" : strerrorname_np(errno));
}

#define TRY(name, ...) say(name, (long)(__VA_ARGS__))
#define TRY_NUMBER(name, ...) say(#name, syscall(SYS_##name, __VA_ARGS__))

static void make_needed(int line)
{
    struct itimerspec soon = {.it_value.tv_sec = 1000};
    struct timespec time = {.tv_nsec = 1000};
    struct rlimit limit;
    struct flock lock = {.l_type = F_WRLCK};
    char bytes[64];
    int file, folder = open(".", O_PATH | O_DIRECTORY), timer;
    void *memory;

    TRY("open", file = open("new", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    TRY("pwrite", pwrite(file, "text", 4, 0));
    TRY("pread", pread(file, bytes, 4, 0));
    TRY("fcntl", fcntl(file, F_SETLK, &lock));
    TRY("fallocate", fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 8192));
    TRY("ftruncate", ftruncate(file, 4096));
    TRY("fdatasync", fdatasync(file));
    TRY("fsync", fsync(file));
    memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    TRY("mmap", memory);
    TRY("mremap", memory = mremap(memory, 4096, 8192, MREMAP_MAYMOVE));
    TRY("madvise", madvise(memory, 4096, MADV_DONTNEED));
    TRY("munmap", munmap(memory, 8192));
    TRY("fchdir", fchdir(folder));
    TRY("fstatat", fstatat(folder, "new", &(struct stat){0}, AT_SYMLINK_NOFOLLOW));
    TRY("faccessat", faccessat(folder, ".", W_OK, 0));
    TRY("unlinkat", unlinkat(folder, "new", 0));
    TRY("send", send(line, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT));
    TRY("recv", recv(line, bytes, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN ? 0 : -1);
    TRY("accept", accept4(line, NULL, NULL, 0) < 0 && errno == EINVAL ? 0 : -1);
    TRY("peer", getsockopt(line, SOL_SOCKET, SO_PEERCRED, bytes, &(socklen_t){sizeof(bytes)}));
    TRY("other-options", getsockopt(line, SOL_SOCKET, SO_TYPE, bytes, &(socklen_t){4}) < 0 && errno == EPERM ? 0 : -1);
    TRY("getrandom", getrandom(bytes, sizeof(bytes), 0));
    TRY("timerfd_create", timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC));
    TRY("timerfd_settime", timerfd_settime(timer, 0, &soon, NULL));
    TRY("epoll_create", epoll_create1(EPOLL_CLOEXEC));
    TRY("poll", poll(NULL, 0, 0));
    TRY("nanosleep", nanosleep(&time, NULL));
    TRY("getrlimit", getrlimit(RLIMIT_FSIZE, &limit));
    TRY("clock_gettime", syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &time));
}

static void make_others(int line)
{
    union bpf_attr attribute = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(event)};
    struct rlimit limit = {0, 0};
    const char *none[] = {NULL};
    int file = open("file", O_RDWR);

    TRY_NUMBER(execve, "/bin/true", none, none);
    TRY_NUMBER(execveat, AT_FDCWD, "/bin/true", none, none, 0);
    TRY_NUMBER(fork, 0);
    TRY_NUMBER(vfork, 0);
    TRY_NUMBER(clone3, NULL, 0);
    TRY_NUMBER(ptrace, 0, 0, 0, 0);
    TRY_NUMBER(process_vm_readv, getpid(), NULL, 0, NULL, 0, 0);
    TRY_NUMBER(kill, getpid(), 0);
    TRY_NUMBER(socket, AF_UNIX, SOCK_STREAM, 0);
    TRY_NUMBER(socketpair, AF_UNIX, SOCK_STREAM, 0, NULL);
    TRY_NUMBER(connect, line, NULL, 0);
    TRY_NUMBER(bind, line, NULL, 0);
    TRY_NUMBER(accept4, line, NULL, NULL, 0);
    TRY_NUMBER(getsockopt, line, SOL_SOCKET, SO_PEERCRED, NULL, NULL);
    TRY_NUMBER(sendmsg, line, NULL, 0);
    TRY_NUMBER(recvmsg, line, NULL, 0);
    TRY_NUMBER(mount, "none", "/", NULL, 0, NULL);
    TRY_NUMBER(umount2, "/nowhere", 0);
    TRY_NUMBER(unshare, 0);
    TRY_NUMBER(setns, file, 0);
    TRY_NUMBER(chroot, "/");
    TRY_NUMBER(pivot_root, "/nowhere", "/nowhere");
    TRY_NUMBER(setuid, 0);
    TRY_NUMBER(setresuid, 0, 0, 0);
    TRY_NUMBER(setgroups, 0, NULL);
    TRY_NUMBER(capset, NULL, NULL);
    TRY_NUMBER(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
    TRY_NUMBER(seccomp, 0, 0, NULL);
    TRY_NUMBER(personality, 0xffffffff);
    TRY_NUMBER(rename, "file", "other");
    TRY_NUMBER(link, "file", "other");
    TRY_NUMBER(symlink, "file", "other");
    TRY_NUMBER(mkdir, "other", 0700);
    TRY_NUMBER(mknod, "other", S_IFIFO | 0600, 0);
    TRY_NUMBER(chmod, "file", 04755);
    TRY_NUMBER(fchmod, file, 04755);
    TRY_NUMBER(fchown, file, -1, -1);
    TRY_NUMBER(setxattr, "file", "user.x", "", 0, 0);
    TRY_NUMBER(memfd_create, "x", 0);
    TRY_NUMBER(init_module, NULL, 0, "");
    TRY_NUMBER(finit_module, -1, "", 0);
    TRY_NUMBER(delete_module, "none", 0);
    TRY_NUMBER(kexec_load, 0, 0, NULL, 0);
    TRY_NUMBER(reboot, 0, 0, 0, NULL);
    TRY_NUMBER(clock_settime, CLOCK_REALTIME, NULL);
    TRY_NUMBER(setrlimit, RLIMIT_CORE, &limit);
    TRY("prlimit64-set", syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, NULL));
    TRY_NUMBER(perf_event_open, &event, 0, -1, -1, 0);
    TRY_NUMBER(io_uring_setup, 1, NULL);
    TRY_NUMBER(userfaultfd, 0);
    TRY_NUMBER(open_by_handle_at, AT_FDCWD, NULL, 0);
    TRY("bpf-map-create", syscall(SYS_bpf, BPF_MAP_CREATE, &attribute, sizeof(attribute)));
    TRY("bpf-prog-load", syscall(SYS_bpf, BPF_PROG_LOAD, &attribute, sizeof(attribute)));
    TRY("bpf-prog-by-id", syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attribute, sizeof(attribute)));
    TRY("bpf-update", syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attribute, sizeof(attribute)));
    TRY("ioctl-set-filter", ioctl(file, PERF_EVENT_IOC_SET_BPF, 0));
    TRY("ioctl-push-input", ioctl(file, 0x5412 /* TIOCSTI */, "x"));
    TRY("fcntl-owner", fcntl(file, F_SETOWN, getpid()));
    TRY("mmap-exec", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    TRY("mprotect-exec", mprotect((void *)((unsigned long)none & ~4095UL), 4096, PROT_READ | PROT_EXEC));
}

static void make_in_folder(void)
{
    int file;

    TRY("confine", landlock_confine(true) ? -1 : 0);
    TRY("within-create", file = open("new", O_RDWR | O_CREAT | O_EXCL, 0600));
    TRY("within-truncate", ftruncate(file, 100));
    TRY("within-remove", unlink("new"));
    TRY("within-write", open("file", O_RDWR));
    TRY("outside-read", open("../file", O_RDONLY));
    TRY("outside-list", open("/proc", O_RDONLY | O_DIRECTORY));
    TRY("outside-write!", open("../file", O_WRONLY));
    TRY("outside-create!", open("../new", O_WRONLY | O_CREAT, 0600));
    TRY("outside-remove!", unlink("../file"));
    TRY("outside-nameless!", open("..", O_WRONLY | O_TMPFILE, 0600));
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    int line[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        seccomp_confine(!strcmp(way, "needed"))) {
        perror("preparing");
        return 1;
    }
    if (!strcmp(way, "needed"))
        make_needed(line[0]);
    else if (!strcmp(way, "others"))
        make_others(line[0]);
    else if (!strcmp(way, "folder"))
        make_in_folder();
    else if (!strcmp(way, "compat"))
        __asm__ volatile("int $0x80" : : "a"(20 /* getpid */) : "memory");
    else if (!strcmp(way, "x32"))
        syscall(0x40000000 | SYS_getpid);
    return 0;
}
