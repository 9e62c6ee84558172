/* SPDX-License-Identifier: MIT */
/* What the capture says of the machine it was recorded on. */
#ifndef MODTRAIL_HOST_H
#define MODTRAIL_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* Empty text and has_… false: the kernel does not offer it. */
struct host {
    char name[256];
    char release[256];
    char version[512];
    char architecture[65];
    char boot_id[64];
    char command_line[4096];
    char lockdown[64];
    bool has_taint, has_modules_disabled, has_signature_enforced;
    int64_t taint;
    int64_t modules_disabled;
    int64_t signature_enforced;
};

void host_read(struct host *ret_host);

/* Reads a small text file of the kernel without its last newline. Returns its length or a negative errno. */
int host_read_text(const char *path, char *ret_text, int size);

#endif
