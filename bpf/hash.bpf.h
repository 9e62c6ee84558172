/* SPDX-License-Identifier: MIT */
/* A fast hash with a secret seed: tells whether two calls are the same, not what they are. */
#ifndef MODTRAIL_HASH_BPF_H
#define MODTRAIL_HASH_BPF_H

#include "maps.bpf.h"

#define HASH_BLOCK 4096u

static __always_inline u64 mix(u64 hash, u64 word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
    return hash ^ (hash >> 29);
}

/* A text in a record's data, at its very beginning. Never 0. */
static __always_inline u64 hash_text(const u8 *data, const struct span *text)
{
    u64 hash = mix(hash_seed, (u64)text->state << 32 | text->length);
    u32 length = text->length;
    const u64 *word = (const void *)data;
    u32 i;

    for (i = 0; i < TEXT_LIMIT / 8; i++) {
        if (i * 8 + 8 > length)
            break;
        hash = mix(hash, word[i]);
    }
    if (length & 7) {
        u64 last = 0;

        bpf_probe_read_kernel(&last, length & 7, data + (length & 0xff8));
        hash = mix(hash, last);
    }
    return hash | 1;
}

static __always_inline u64 hash_block(u64 hash, const u64 *word)
{
    u32 i;

    for (i = 0; i < HASH_BLOCK / 8; i += 8) {
        hash = mix(hash, word[i]);
        hash = mix(hash, word[i + 1]);
        hash = mix(hash, word[i + 2]);
        hash = mix(hash, word[i + 3]);
        hash = mix(hash, word[i + 4]);
        hash = mix(hash, word[i + 5]);
        hash = mix(hash, word[i + 6]);
        hash = mix(hash, word[i + 7]);
    }
    return hash;
}

/*
 * An image of at most HASHED_IMAGE_LIMIT bytes in kernel memory. Only whole blocks are hashed, because the verifier
 * follows every length that a loop could have: the last one reaches back into the one before it, or, in an image that
 * is shorter than a block, is filled up with zeros. Never 0, unless the bytes cannot be read.
 */
static __always_inline u64 hash_image(const u8 *image, u64 size)
{
    struct scratch *s = scratch_of_cpu(SCRATCH_IMAGE);
    u64 hash = mix(hash_seed, size);
    u32 i;

    if (!s || !size || size > HASHED_IMAGE_LIMIT)
        return 0;
    if (size < HASH_BLOCK) {
        volatile u64 *word = (void *)s->record;

        for (i = 0; i < HASH_BLOCK / 8; i++)
            word[i] = 0;
        if (bpf_probe_read_kernel(s->record, bounded(size, HASH_BLOCK - 1), image))
            return 0;
        return hash_block(hash, (const void *)s->record) | 1;
    }
    for (i = 0; i < HASHED_IMAGE_LIMIT / HASH_BLOCK; i++) {
        if (i * HASH_BLOCK + HASH_BLOCK > size)
            break;
        if (bpf_probe_read_kernel(s->record, HASH_BLOCK, image + i * HASH_BLOCK))
            return 0;
        hash = hash_block(hash, (const void *)s->record);
    }
    if (bpf_probe_read_kernel(s->record, HASH_BLOCK, image + size - HASH_BLOCK))
        return 0;
    return hash_block(hash, (const void *)s->record) | 1;
}

#endif
