/* SPDX-License-Identifier: MIT */
#include "seccomp.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the list below has the numbers of x86-64"
#endif

#define X32_BIT 0x40000000u /* calls of the x32 ABI have the same architecture and this bit (seccomp(2)) */
#define INSTRUCTIONS 400

/* Calls that are allowed whatever their arguments, the most frequent ones first. */
static const uint32_t always[] = {
    /* waiting, and what wakes */
    __NR_epoll_wait,
    __NR_epoll_pwait,
    __NR_poll,
    __NR_clock_gettime,
    __NR_read,
    __NR_epoll_ctl,
    __NR_epoll_create1,
    __NR_timerfd_create,
    __NR_timerfd_settime,
    __NR_nanosleep,
    __NR_clock_nanosleep,
    __NR_restart_syscall,
    __NR_rt_sigprocmask,
    __NR_rt_sigpending,
    __NR_rt_sigreturn,
    __NR_gettimeofday,
    __NR_time,
    /* the capture, and what the kernel shows in /proc and /sys */
    __NR_pwrite64,
    __NR_pread64,
    __NR_write,
    __NR_writev,
    __NR_lseek,
    __NR_open,
    __NR_openat,
    __NR_close,
    __NR_fstat,
    __NR_newfstatat,
    __NR_stat,
    __NR_lstat,
    __NR_statx,
    __NR_fstatfs,
    __NR_access,
    __NR_faccessat,
    __NR_faccessat2,
    __NR_readlink,
    __NR_readlinkat,
    __NR_getdents64,
    __NR_getcwd,
    __NR_fchdir,
    __NR_unlink,
    __NR_unlinkat,
    __NR_fsync,
    __NR_fdatasync,
    __NR_ftruncate,
    __NR_fallocate,
    __NR_flock,
    /* the control line, which is connected by now */
    __NR_sendto,
    __NR_recvfrom,
    /* memory */
    __NR_munmap,
    __NR_mremap,
    __NR_madvise,
    __NR_brk,
    __NR_mlock,
    __NR_munlock,
    __NR_futex,
    /* these only take rights away */
    __NR_landlock_create_ruleset,
    __NR_landlock_add_rule,
    __NR_landlock_restrict_self,
    /* about itself */
    __NR_getpid,
    __NR_gettid,
    __NR_getuid,
    __NR_geteuid,
    __NR_getgid,
    __NR_getegid,
    __NR_getrandom,
    __NR_getrlimit,
    __NR_sched_yield,
    __NR_sched_getaffinity,
    __NR_exit,
    __NR_exit_group,
};

/* Calls of which one argument says whether they are allowed: with one of these values, or with none of these bits. */
static const struct {
    uint32_t number, argument;
    bool are_bits_denied;
    uint32_t values[9]; /* up to the first 0 that is not the first value */
} sometimes[] = {
    /* Held programs and maps are asked; nothing is made, loaded, attached or looked for. */
    {__NR_bpf, 0, false, {BPF_MAP_LOOKUP_ELEM, BPF_PROG_TEST_RUN, BPF_OBJ_GET_INFO_BY_FD}},
    {__NR_ioctl, 1, false, {PERF_EVENT_IOC_DISABLE}},
    {__NR_fcntl, 1, false, {F_SETLK, F_SETLKW, F_GETLK, F_GETFD, F_SETFD, F_GETFL, F_SETFL}},
    {__NR_prlimit64, 2, false, {0}}, /* asked for, not set */
    {__NR_mmap, 2, true, {PROT_EXEC}},
    {__NR_mprotect, 2, true, {PROT_EXEC}},
    /* Who has come, where somebody can come. */
    {__NR_getsockopt, 2, false, {SO_PEERCRED}},
};

struct program {
    struct sock_filter code[INSTRUCTIONS];
    unsigned short length;
};

static void add(struct program *program, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value)
{
    program->code[program->length++] = (struct sock_filter){code, if_true, if_false, value};
}

static void load(struct program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void answer(struct program *program, uint32_t action)
{
    add(program, BPF_RET | BPF_K, 0, 0, action);
}

/* Only the lower half of an argument is looked at: that is all of an int, and where the bits of interest are. */
static void add_sometimes(struct program *program, size_t index)
{
    uint32_t denied = SECCOMP_RET_ERRNO | EPERM, argument = sometimes[index].argument;
    size_t count = 1, i;

    while (count < sizeof(sometimes[0].values) / sizeof(uint32_t) && sometimes[index].values[count])
        count++;
    /* number; argument; `count` comparisons; no; yes */
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(count + 3), sometimes[index].number);
    load(program, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
    for (i = 0; i < count; i++)
        add(program, sometimes[index].are_bits_denied ? BPF_JMP | BPF_JSET | BPF_K : BPF_JMP | BPF_JEQ | BPF_K,
            (uint8_t)(count - i), 0, sometimes[index].values[i]);
    answer(program, sometimes[index].are_bits_denied ? SECCOMP_RET_ALLOW : denied);
    answer(program, sometimes[index].are_bits_denied ? denied : SECCOMP_RET_ALLOW);
}

int seccomp_confine(bool takes_peers)
{
    struct program program = {.length = 0};
    struct sock_fprog filter = {.filter = program.code};
    size_t i;

    load(&program, offsetof(struct seccomp_data, arch));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AUDIT_ARCH_X86_64);
    answer(&program, SECCOMP_RET_KILL_PROCESS);
    load(&program, offsetof(struct seccomp_data, nr));
    add(&program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
    answer(&program, SECCOMP_RET_KILL_PROCESS);
    for (i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        add(&program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, always[i]);
        answer(&program, SECCOMP_RET_ALLOW);
    }
    if (takes_peers) {
        add(&program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, __NR_accept4);
        answer(&program, SECCOMP_RET_ALLOW);
    }
    for (i = 0; i < sizeof(sometimes) / sizeof(sometimes[0]); i++) {
        if (takes_peers || sometimes[i].number != __NR_getsockopt)
            add_sometimes(&program, i);
    }
    answer(&program, SECCOMP_RET_ERRNO | EPERM);
    filter.len = program.length;
    /* It runs no code but its own, so that it does not need the slow way of speculating that filters may bring. */
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter))
        return -errno;
    return 0;
}
