/* SPDX-License-Identifier: MIT */
#include "seal.h"

#include "sign-key.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK 8
#define INTEGER 8

/* A table's rows of the open transaction. */
struct part {
    crypto_hash_sha256_state hash;
    int64_t rows, first_key, last_key;
    uint8_t *marks, *keys;
    size_t room; /* rows that both have room for */
};

struct seal {
    struct part part[TABLE_SEALED];
    int64_t kept_key[TABLE_SEALED]; /* greatest key of a commit that was kept, 0: none */
    int64_t rows;
    int64_t last_commit, last_part;
    uint8_t head[SEAL_DIGEST];
    bool has_key;
    struct sign_key key;
};

int seal_new(const char *key_path, struct seal **ret_seal, char *ret_error, size_t error_size)
{
    struct seal *seal;
    int r;

    if (sodium_init() < 0) {
        snprintf(ret_error, error_size, "no random numbers are to be had from this kernel");
        return -EIO;
    }
    seal = calloc(1, sizeof(*seal));
    if (!seal) {
        snprintf(ret_error, error_size, "no memory for the seal");
        return -ENOMEM;
    }
    if (key_path) {
        r = sign_key_read(key_path, &seal->key, ret_error, error_size);
        if (r) {
            seal_free(seal);
            return r;
        }
        seal->has_key = true;
    }
    *ret_seal = seal;
    return 0;
}

void seal_free(struct seal *seal)
{
    size_t i;

    if (!seal)
        return;
    for (i = 0; i < TABLE_SEALED; i++) {
        free(seal->part[i].marks);
        free(seal->part[i].keys);
    }
    sign_key_wipe(&seal->key);
    free(seal);
}

const uint8_t *seal_public_key(const struct seal *seal)
{
    return seal->has_key ? seal->key.public : NULL;
}

const uint8_t *seal_head(const struct seal *seal)
{
    return seal->head;
}

bool seal_has_rows(const struct seal *seal)
{
    return seal->rows > 0;
}

static void put_integer(uint8_t *at, int64_t integer)
{
    uint64_t bits = (uint64_t)integer;
    size_t i;

    for (i = 0; i < INTEGER; i++)
        at[i] = (uint8_t)(bits >> (8 * i));
}

static void hash_integer(crypto_hash_sha256_state *hash, int64_t integer)
{
    uint8_t bytes[INTEGER];

    put_integer(bytes, integer);
    crypto_hash_sha256_update(hash, bytes, sizeof(bytes));
}

/* Short values gather in a buffer: a row is mostly integers, and the hash takes blocks faster than single values. */
static void hash_row(const struct value *values, size_t count, uint8_t ret_digest[SEAL_DIGEST])
{
    crypto_hash_sha256_state hash;
    uint8_t buffer[512];
    size_t filled = 0, i;

    crypto_hash_sha256_init(&hash);
    for (i = 0; i < count; i++) {
        const struct value *value = &values[i];
        bool has_bytes = value->type == VALUE_TEXT || value->type == VALUE_BLOB;

        if (filled + 1 + INTEGER > sizeof(buffer)) {
            crypto_hash_sha256_update(&hash, buffer, filled);
            filled = 0;
        }
        buffer[filled++] = (uint8_t)value->type; /* the tags of docs/seal.md are the values of the enum */
        if (value->type == VALUE_NULL)
            continue;
        put_integer(buffer + filled, has_bytes ? (int64_t)value->length : value->integer);
        filled += INTEGER;
        if (!has_bytes)
            continue;
        if (filled + value->length <= sizeof(buffer)) {
            memcpy(buffer + filled, value->bytes, value->length);
            filled += value->length;
            continue;
        }
        crypto_hash_sha256_update(&hash, buffer, filled);
        crypto_hash_sha256_update(&hash, value->bytes, value->length);
        filled = 0;
    }
    crypto_hash_sha256_update(&hash, buffer, filled);
    crypto_hash_sha256_final(&hash, ret_digest);
}

static int make_room(struct part *part)
{
    size_t room = part->room ? part->room * 2 : 64;
    uint8_t *marks = realloc(part->marks, room * MARK);
    uint8_t *keys;

    if (!marks)
        return -ENOMEM;
    part->marks = marks;
    keys = realloc(part->keys, room * INTEGER);
    if (!keys)
        return -ENOMEM;
    part->keys = keys;
    part->room = room;
    return 0;
}

int seal_add(struct seal *seal, enum table table, const struct value *values, size_t count)
{
    struct part *part = &seal->part[table];
    uint8_t digest[SEAL_DIGEST];
    int64_t key = values[0].integer;

    if (values[0].type != VALUE_INTEGER || key <= (part->rows ? part->last_key : seal->kept_key[table]))
        return -EINVAL;
    if ((size_t)part->rows == part->room && make_room(part))
        return -ENOMEM;
    if (!part->rows) {
        crypto_hash_sha256_init(&part->hash);
        crypto_hash_sha256_update(&part->hash, (const uint8_t *)tables[table].name, strlen(tables[table].name));
        part->first_key = key;
    }
    hash_row(values, count, digest);
    crypto_hash_sha256_update(&part->hash, digest, sizeof(digest));
    memcpy(part->marks + part->rows * MARK, digest, MARK);
    put_integer(part->keys + part->rows * INTEGER, key);
    part->last_key = key;
    part->rows++;
    seal->rows++;
    return 0;
}

static void finish_part(struct part *part, enum table table, int64_t id, struct seal_part *ret_part)
{
    bool dense = part->last_key - part->first_key + 1 == part->rows;

    *ret_part = (struct seal_part){
        .id = id,
        .table = table,
        .first_key = part->first_key,
        .last_key = part->last_key,
        .rows = part->rows,
        .marks = value_blob(part->marks, (size_t)part->rows * MARK),
        .keys = dense ? value_null() : value_blob(part->keys, (size_t)part->rows * INTEGER),
    };
    crypto_hash_sha256_final(&part->hash, ret_part->digest);
}

static void hash_part(crypto_hash_sha256_state *hash, const struct seal_part *part)
{
    const char *name = tables[part->table].name;

    hash_integer(hash, part->id);
    hash_integer(hash, (int64_t)strlen(name));
    crypto_hash_sha256_update(hash, (const uint8_t *)name, strlen(name));
    hash_integer(hash, part->first_key);
    hash_integer(hash, part->last_key);
    hash_integer(hash, part->rows);
    crypto_hash_sha256_update(hash, part->digest, sizeof(part->digest));
}

void seal_commit(struct seal *seal, int64_t ns, struct seal_commit *ret_commit)
{
    crypto_hash_sha256_state hash;
    size_t i;

    ret_commit->id = seal->last_commit + 1;
    ret_commit->ns = ns;
    ret_commit->rows = seal->rows;
    ret_commit->parts = 0;
    crypto_hash_sha256_init(&hash);
    crypto_hash_sha256_update(&hash, seal->head, sizeof(seal->head));
    hash_integer(&hash, ret_commit->id);
    hash_integer(&hash, ns);
    hash_integer(&hash, seal->rows);
    for (i = 0; i < TABLE_SEALED; i++) {
        struct seal_part *part = &ret_commit->part[ret_commit->parts];

        if (!seal->part[i].rows)
            continue;
        ret_commit->parts++;
        finish_part(&seal->part[i], (enum table)i, seal->last_part + (int64_t)ret_commit->parts, part);
        hash_part(&hash, part);
    }
    crypto_hash_sha256_final(&hash, ret_commit->digest);
    if (seal->has_key)
        sign_key_sign(&seal->key, ret_commit->digest, ret_commit->signature);
}

void seal_forget(struct seal *seal)
{
    size_t i;

    for (i = 0; i < TABLE_SEALED; i++)
        seal->part[i].rows = 0;
    seal->rows = 0;
}

void seal_settle(struct seal *seal, const struct seal_commit *commit)
{
    size_t i;

    for (i = 0; i < commit->parts; i++)
        seal->kept_key[commit->part[i].table] = commit->part[i].last_key;
    seal->last_commit = commit->id;
    seal->last_part += (int64_t)commit->parts;
    memcpy(seal->head, commit->digest, sizeof(seal->head));
    seal_forget(seal);
}

void seal_begin_part(struct seal *seal)
{
    seal_forget(seal);
    memset(seal->kept_key, 0, sizeof(seal->kept_key));
    seal->last_commit = seal->last_part = 0;
}
