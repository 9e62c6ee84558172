/* SPDX-License-Identifier: MIT */
/* The hash chain over the rows of every commit, as docs/seal.md describes it. It computes; the store writes. */
#ifndef MODTRAIL_SEAL_H
#define MODTRAIL_SEAL_H

#include "tables.h"
#include "value.h"

#include <stdbool.h>
#include <stdint.h>

#define SEAL_DIGEST 32
#define SEAL_PUBLIC_KEY 32
#define SEAL_SIGNATURE 64

struct seal;

/* What one commit adds to one table: a row of seal_part. */
struct seal_part {
    int64_t id;
    enum table table;
    int64_t first_key, last_key, rows;
    uint8_t digest[SEAL_DIGEST];
    struct value marks, keys; /* hold until the next seal_add or seal_settle */
};

/* One commit: a row of seal, its parts, and its signature where there is a key. */
struct seal_commit {
    int64_t id, ns, rows;
    uint8_t digest[SEAL_DIGEST];
    uint8_t signature[SEAL_SIGNATURE];
    size_t parts;
    struct seal_part part[TABLE_SEALED];
};

/*
 * `key_path` names the private key to sign with, NULL: none. Returns 0, or a negative errno with a sentence in
 * `ret_error`.
 */
int seal_new(const char *key_path, struct seal **ret_seal, char *ret_error, size_t error_size);

/* Wipes the key from memory. */
void seal_free(struct seal *seal);

/* The public key (SEAL_PUBLIC_KEY bytes), NULL without a key. */
const uint8_t *seal_public_key(const struct seal *seal);

/* The digest of the last commit that was kept (SEAL_DIGEST bytes). */
const uint8_t *seal_head(const struct seal *seal);

/* Takes a row in. -EINVAL where its key is not greater than the one before it in the table. */
int seal_add(struct seal *seal, enum table table, const struct value *values, size_t count);

/* Whether rows were taken in since the last seal_settle. */
bool seal_has_rows(const struct seal *seal);

/* Computes the commit over what was taken in. */
void seal_commit(struct seal *seal, int64_t ns, struct seal_commit *ret_commit);

/* The commit was kept, or it was rolled back and its rows are as if never taken in. */
void seal_settle(struct seal *seal, const struct seal_commit *commit);
void seal_forget(struct seal *seal);

/* The chain goes on in a new file: keys and ids begin anew. */
void seal_begin_part(struct seal *seal);

#endif
