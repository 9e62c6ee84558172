/* SPDX-License-Identifier: MIT */
/* The signing key's file. What is taken as a key signs, and the signature verifies. */
#include "../native/sign-key.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t digest[32] = {1, 2, 3};
    uint8_t signature[64], message[16 + sizeof(digest)];
    struct sign_key *key = malloc(sizeof(*key));
    char path[64], error[512] = "";
    int file = memfd_create("key", MFD_CLOEXEC);

    if (!key || file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    if (!sign_key_read(path, key, error, sizeof(error))) {
        sign_key_sign(key, digest, signature);
        memcpy(message, "modtrail seal 1\n", 16);
        memcpy(message + 16, digest, sizeof(digest));
        if (crypto_sign_verify_detached(signature, message, sizeof(message), key->public))
            abort();
        sign_key_wipe(key);
    } else if (!*error) {
        abort();
    }
    close(file);
    free(key);
    return 0;
}
