/* SPDX-License-Identifier: MIT */
#include "mapped.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAGE 4096
#define WRITING 2 /* in a page fault's error code */

static volatile sig_atomic_t refused, copying;

static void die(void)
{
    signal(SIGBUS, SIG_DFL); /* the same instruction ends the process */
}

static void on_bus(int number, siginfo_t *info, void *context)
{
    uint8_t *page = (uint8_t *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1));
    uint8_t copy[PAGE] = {0};
    bool writing = ((const ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & WRITING;

    (void)number;
    if (info->si_code != BUS_ADRERR || !(writing || copying))
        return die();
    /* A page that cannot be read either comes here once more, and is taken for zeros. */
    if (!copying) {
        copying = 1;
        memcpy(copy, page, PAGE);
        copying = 0;
    }
    if (mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        return die();
    memcpy(page, copy, PAGE);
    refused = 1;
}

void mapped_guard(void)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO | SA_NODEFER};

    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

bool mapped_refused(void)
{
    return refused;
}
