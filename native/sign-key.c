/* SPDX-License-Identifier: MIT */
#include "sign-key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT 4096
#define SEED 32

/* RFC 8410: a OneAsymmetricKey of version 1 with the algorithm Ed25519; the 32 bytes of the seed follow. */
static const uint8_t before_seed[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                      0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

static const char domain[16] = "modtrail seal 1\n"; /* without a NUL at its end */

/* Reads a plain file as text. A fifo or a device could wait for ever and is refused. */
static int read_text(const char *path, char *ret_text, char *ret_error, size_t error_size)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat found;
    ssize_t got = -1;
    int r = 0;

    if (file < 0 || fstat(file, &found)) {
        r = -errno;
        snprintf(ret_error, error_size, "the signing key %s cannot be read: %s", path, strerror(-r));
    } else if (!S_ISREG(found.st_mode)) {
        r = -EINVAL;
        snprintf(ret_error, error_size, "the signing key %s is not a regular file", path);
    } else {
        got = read(file, ret_text, FILE_LIMIT);
        if (got < 0) {
            r = -errno;
            snprintf(ret_error, error_size, "the signing key %s cannot be read: %s", path, strerror(-r));
        }
    }
    if (file >= 0)
        close(file);
    ret_text[r ? 0 : got] = '\0';
    return r;
}

/* The seed in a PEM text. Returns NULL, or what is wrong with it. */
static const char *find_seed(const char *text, uint8_t ret_seed[SEED])
{
    static const char begin[] = "-----BEGIN PRIVATE KEY-----";
    const char *body = strstr(text, begin);
    const char *end = body ? strstr(body, "-----END PRIVATE KEY-----") : NULL;
    uint8_t key[sizeof(before_seed) + SEED];
    size_t length = 0;
    bool fits;

    if (strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        return "is encrypted; a key without a passphrase is needed";
    if (!end)
        return "holds no private key in PEM form (PKCS#8)";
    body += strlen(begin);
    fits = !sodium_base642bin(key, sizeof(key), body, (size_t)(end - body), " \r\n", &length, NULL,
                              sodium_base64_VARIANT_ORIGINAL) &&
           length == sizeof(key) && !memcmp(key, before_seed, sizeof(before_seed));
    if (fits)
        memcpy(ret_seed, key + sizeof(before_seed), SEED);
    sodium_memzero(key, sizeof(key));
    return fits ? NULL : "is not an Ed25519 key (PKCS#8, PEM)";
}

int sign_key_read(const char *path, struct sign_key *ret_key, char *ret_error, size_t error_size)
{
    char text[FILE_LIMIT + 1];
    uint8_t seed[SEED];
    const char *wrong;
    int r = read_text(path, text, ret_error, error_size);

    if (!r) {
        wrong = find_seed(text, seed);
        if (wrong) {
            r = -EINVAL;
            snprintf(ret_error, error_size, "the signing key %s %s", path, wrong);
        }
    }
    if (!r) {
        sodium_mlock(ret_key, sizeof(*ret_key)); /* out of swap and of core files, where the limits allow it */
        crypto_sign_seed_keypair(ret_key->public, ret_key->secret, seed);
    }
    sodium_memzero(text, sizeof(text));
    sodium_memzero(seed, sizeof(seed));
    return r;
}

void sign_key_sign(const struct sign_key *key, const uint8_t *digest, uint8_t ret_signature[64])
{
    uint8_t message[sizeof(domain) + 32];

    memcpy(message, domain, sizeof(domain));
    memcpy(message + sizeof(domain), digest, 32);
    crypto_sign_detached(ret_signature, NULL, message, sizeof(message), key->secret);
}

void sign_key_wipe(struct sign_key *key)
{
    sodium_munlock(key, sizeof(*key)); /* writes zeros first */
}
