/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a module, as the kernel has read them: from a file, or from the caller's memory. The hooks lie where the
 * kernel has its own copy, which no caller can change any more.
 */
#include "runs.bpf.h"

/* One chunk of fixed room. Returns false where the ring has none, or the bytes cannot be read. */
#define SEND_CHUNK(room, head_ns, image, total, from, bytes)                                                           \
    ({                                                                                                                 \
        struct chunk_record *chunk = bpf_ringbuf_reserve(&images, sizeof(*chunk) + (room), 0);                         \
        bool is_sent = false;                                                                                          \
                                                                                                                       \
        if (chunk) {                                                                                                   \
            fill_head(&chunk->head, RECORD_CHUNK);                                                                     \
            chunk->head.ns = (head_ns);                                                                                \
            chunk->head.data_length = (bytes);                                                                         \
            chunk->size = (total);                                                                                     \
            chunk->offset = (from);                                                                                    \
            is_sent = !bpf_probe_read_kernel(chunk->data, (bytes), (image) + (from));                                  \
            if (is_sent)                                                                                               \
                bpf_ringbuf_submit(chunk, 0);                                                                          \
            else                                                                                                       \
                bpf_ringbuf_discard(chunk, 0);                                                                         \
        }                                                                                                              \
        is_sent;                                                                                                       \
    })

/* Copies the image into the ring for images. Returns how many bytes, from the first on, had room. */
static __always_inline u64 send_bytes(u64 ns, const u8 *image, u64 size)
{
    u64 sent = 0, left;
    u32 i;

    for (i = 0; i < CHUNK_LIMIT; i++) {
        if (sent + CHUNK_SIZE > size)
            break;
        if (!SEND_CHUNK(CHUNK_SIZE, ns, image, size, sent, CHUNK_SIZE))
            return sent;
        sent += CHUNK_SIZE;
    }
    left = size - sent;
    if (!left || left >= CHUNK_SIZE)
        return sent;
    if (left <= CHUNK_SMALL) {
        if (left == CHUNK_SMALL)
            return SEND_CHUNK(CHUNK_SMALL, ns, image, size, sent, CHUNK_SMALL) ? size : sent;
        left = bounded(left, CHUNK_SMALL - 1);
        return SEND_CHUNK(CHUNK_SMALL, ns, image, size, sent, left) ? size : sent;
    }
    if (left < CHUNK_MEDIUM) {
        left = bounded(left, CHUNK_MEDIUM - 1);
        return SEND_CHUNK(CHUNK_MEDIUM, ns, image, size, sent, left) ? size : sent;
    }
    left = bounded(left, CHUNK_SIZE - 1);
    return SEND_CHUNK(CHUNK_SIZE, ns, image, size, sent, left) ? size : sent;
}

/* Threads that only fail may fill half of the ring for images. */
static __always_inline bool images_have_room(u64 size)
{
    return bpf_ringbuf_query(&images, BPF_RB_AVAIL_DATA) + size <= bpf_ringbuf_query(&images, BPF_RB_RING_SIZE) / 2;
}

/*
 * Whether the image is the one that the calls of the open call's run have had, so that nothing needs to be sent. Where
 * it is not, a call that was withheld is released.
 */
static __always_inline bool is_repeated_image(struct open_call *open, const u8 *image, u64 size)
{
    struct thread_calls *thread;

    if (!open->identity)
        return false;
    if (open->image) /* a second image in one call */
        open->flags |= OPEN_UNLIKE;
    open->image = hash_image(image, size);
    if (!open->image)
        open->flags |= OPEN_UNLIKE;
    if (!(open->flags & OPEN_WITHHELD))
        return false;
    thread = thread_of_slot(open->thread - 1);
    if (thread && open->image && !(open->flags & (OPEN_UNLIKE | OPEN_SAME_IMAGE)) &&
        thread->run[(open->run - 1) & (RUNS_PER_THREAD - 1)].image == open->image) {
        open->flags |= OPEN_SAME_IMAGE;
        return true;
    }
    return false;
}

static __always_inline int image_read(u32 source, s32 reading_id, const u8 *image, s64 size, bool is_packed)
{
    struct open_call *open = recorded_call();
    struct image_record *record;
    u64 ns = bpf_ktime_get_boot_ns(), sent = 0, call_ns = 0;
    bool is_unpacked = false;

    if (size < 0)
        return 0;
    if (open && is_repeated_image(open, image, size))
        return 0;
    if (open && !release_call(open))
        open = 0;
    if (open) {
        call_ns = open->ns;
        is_unpacked = open->flags & OPEN_READ_PACKED;
        if (is_packed)
            open->flags |= OPEN_READ_PACKED;
    }
    if (!is_unpacked) {
        if (!is_suspicious(open) || images_have_room(size))
            sent = send_bytes(ns, image, size);
        if (sent < (u64)size)
            count_loss(LOSS_IMAGE);
    }
    record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        count_loss(LOSS_STAGE);
        return 0;
    }
    fill_head(&record->head, RECORD_IMAGE);
    record->head.ns = ns;
    record->head.call_ns = call_ns;
    record->source = source;
    record->reading_id = reading_id;
    record->size = size;
    record->sent = sent;
    record->is_unpacked = is_unpacked;
    record->reserved = 0;
    bpf_ringbuf_submit(record, 0);
    return 0;
}

/* Some kernels name compressed files, which they then read a second time from the unpacked bytes. */
static __always_inline bool is_packed_file(s32 id)
{
    return bpf_core_enum_value_exists(enum kernel_read_file_id___later, READING_MODULE_COMPRESSED) &&
           id == (s32)bpf_core_enum_value(enum kernel_read_file_id___later, READING_MODULE_COMPRESSED);
}

static __always_inline bool is_module_file(s32 id)
{
    return id == (s32)bpf_core_enum_value(enum kernel_read_file_id, READING_MODULE) || is_packed_file(id);
}

static __always_inline bool is_module_data(s32 id)
{
    return id == (s32)bpf_core_enum_value(enum kernel_load_data_id, LOADING_MODULE);
}

/* security_kernel_post_read_file(file, buffer, size, id) */
SEC("fentry/security_kernel_post_read_file")
int image_file_fentry(u64 *context)
{
    s32 id = (s32)context[3];

    return is_module_file(id) ? image_read(0, id, (void *)context[1], (s64)context[2], is_packed_file(id)) : 0;
}

SEC("kprobe/security_kernel_post_read_file")
int image_file_kprobe(struct probe_context *context)
{
    s32 id = (s32)context->cx;

    return is_module_file(id) ? image_read(0, id, (void *)context->si, (s64)context->dx, is_packed_file(id)) : 0;
}

/* security_kernel_post_load_data(buffer, size, id, description) */
SEC("fentry/security_kernel_post_load_data")
int image_data_fentry(u64 *context)
{
    s32 id = (s32)context[2];

    return is_module_data(id) ? image_read(1, id, (void *)context[0], (s64)context[1], false) : 0;
}

SEC("kprobe/security_kernel_post_load_data")
int image_data_kprobe(struct probe_context *context)
{
    s32 id = (s32)context->dx;

    return is_module_data(id) ? image_read(1, id, (void *)context->di, (s64)context->si, false) : 0;
}
