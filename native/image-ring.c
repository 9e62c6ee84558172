/* SPDX-License-Identifier: MIT */
#include "image-ring.h"

#include "clock.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#define REST_AFTER 2000000000LL

struct image_ring {
    int map;
    int (*take)(void *context, void *bytes, size_t size);
    void *context;
    struct ring_buffer *mapped; /* NULL: not part of this process's memory */
    int64_t used;
};

struct image_ring *image_ring_new(int map, int (*take)(void *context, void *bytes, size_t size), void *context)
{
    struct image_ring *ring = calloc(1, sizeof(*ring));

    if (!ring)
        return NULL;
    ring->map = map;
    ring->take = take;
    ring->context = context;
    return ring;
}

void image_ring_free(struct image_ring *ring)
{
    if (!ring)
        return;
    ring_buffer__free(ring->mapped);
    free(ring);
}

int image_ring_fd(const struct image_ring *ring)
{
    return ring->map;
}

int image_ring_drain(struct image_ring *ring)
{
    struct pollfd ready = {.fd = ring->map, .events = POLLIN};

    int count = poll(&ready, 1, 0);

    if (count <= 0)
        return count < 0 && errno != EINTR ? -errno : 0;
    if (!ring->mapped)
        ring->mapped = ring_buffer__new(ring->map, ring->take, ring->context, NULL);
    if (!ring->mapped)
        return errno ? -errno : -ENOMEM;
    ring->used = clock_boot_ns();
    ring_buffer__consume(ring->mapped);
    return 0;
}

void image_ring_rest(struct image_ring *ring, int64_t now)
{
    if (!ring->mapped || now - ring->used < REST_AFTER)
        return;
    ring_buffer__free(ring->mapped);
    ring->mapped = NULL;
}
