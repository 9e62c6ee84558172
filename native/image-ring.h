/* SPDX-License-Identifier: MIT */
/*
 * The ring for images. It is large, and empty nearly always: it is part of this process's memory only while there is
 * something in it.
 */
#ifndef MODTRAIL_IMAGE_RING_H
#define MODTRAIL_IMAGE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_ring;

/* `take` gets each record; a negative result ends the batch after it. `map` stays the caller's. */
struct image_ring *image_ring_new(int map, int (*take)(void *context, void *bytes, size_t size), void *context);
void image_ring_free(struct image_ring *ring);

/* Readable when there are records. */
int image_ring_fd(const struct image_ring *ring);

/* Hands out what is there, up to the end of the batch. Returns 0 or a negative errno. */
int image_ring_drain(struct image_ring *ring);

/* Gives the memory back where nothing has come for a while. `now` is boot time. */
void image_ring_rest(struct image_ring *ring, int64_t now);

#endif
