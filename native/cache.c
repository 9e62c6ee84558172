/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_COUNT 1024u

struct slot {
    void *bytes;
    size_t length;
    int64_t row;
};

struct cache {
    struct slot slot[SLOT_COUNT];
};

/* FNV-1a; the bytes themselves are compared, so a collision costs only a slot. */
static uint32_t slot_of(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    uint64_t hash = 14695981039346656037u;
    size_t i;

    for (i = 0; i < length; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return (uint32_t)(hash ^ (hash >> 32)) % SLOT_COUNT;
}

struct cache *cache_new(void)
{
    return calloc(1, sizeof(struct cache));
}

void cache_free(struct cache *cache)
{
    size_t i;

    if (!cache)
        return;
    for (i = 0; i < SLOT_COUNT; i++)
        free(cache->slot[i].bytes);
    free(cache);
}

int64_t cache_find(const struct cache *cache, const void *bytes, size_t length)
{
    const struct slot *slot = &cache->slot[slot_of(bytes, length)];

    if (!slot->bytes || slot->length != length || memcmp(slot->bytes, bytes, length))
        return 0;
    return slot->row;
}

void cache_put(struct cache *cache, const void *bytes, size_t length, int64_t row)
{
    struct slot *slot = &cache->slot[slot_of(bytes, length)];
    void *copy = malloc(length ? length : 1);

    if (!copy)
        return;
    memcpy(copy, bytes, length);
    free(slot->bytes);
    slot->bytes = copy;
    slot->length = length;
    slot->row = row;
}
