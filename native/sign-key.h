/* SPDX-License-Identifier: MIT */
/* The Ed25519 key that signs a capture's commits. */
#ifndef MODTRAIL_SIGN_KEY_H
#define MODTRAIL_SIGN_KEY_H

#include <stddef.h>
#include <stdint.h>

struct sign_key {
    uint8_t public[32];
    uint8_t secret[64]; /* the seed and the public key, as libsodium wants it */
};

/*
 * Reads an unencrypted PKCS#8 PEM file, as `openssl genpkey -algorithm ed25519` writes it. Returns 0, or a negative
 * errno with a sentence in `ret_error`.
 */
int sign_key_read(const char *path, struct sign_key *ret_key, char *ret_error, size_t error_size);

/* Signs a commit's digest (32 bytes): docs/seal.md, "Signature". */
void sign_key_sign(const struct sign_key *key, const uint8_t *digest, uint8_t ret_signature[64]);

void sign_key_wipe(struct sign_key *key);

#endif
