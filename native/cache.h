/* SPDX-License-Identifier: MIT */
/* Remembers which row a set of bytes became, so that the same process or file is written once. Bounded memory. */
#ifndef MODTRAIL_CACHE_H
#define MODTRAIL_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *cache);

/* The row of these bytes, 0 if they are not known. */
int64_t cache_find(const struct cache *cache, const void *bytes, size_t length);

/* Remembers; an older entry may be forgotten for it, which costs a second row and nothing else. */
void cache_put(struct cache *cache, const void *bytes, size_t length, int64_t row);

#endif
