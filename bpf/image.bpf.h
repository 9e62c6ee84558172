/* SPDX-License-Identifier: MIT */
/* That the kernel has read the bytes of a module: from a file, or from the caller's memory. */
#include "maps.bpf.h"

static __always_inline int image_read(u32 source, s32 reading_id, s64 size)
{
    struct image_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

    if (!record) {
        count_loss(LOSS_STAGE);
        return 0;
    }
    fill_head(&record->head, RECORD_IMAGE);
    record->head.call_ns = current_call_ns();
    record->source = source;
    record->reading_id = reading_id;
    record->size = size;
    bpf_ringbuf_submit(record, 0);
    return 0;
}

static __always_inline bool is_module_file(s32 id)
{
    if (id == (s32)bpf_core_enum_value(enum kernel_read_file_id, READING_MODULE))
        return true;
    return bpf_core_enum_value_exists(enum kernel_read_file_id___later, READING_MODULE_COMPRESSED) &&
           id == (s32)bpf_core_enum_value(enum kernel_read_file_id___later, READING_MODULE_COMPRESSED);
}

static __always_inline bool is_module_data(s32 id)
{
    return id == (s32)bpf_core_enum_value(enum kernel_load_data_id, LOADING_MODULE);
}

/* security_kernel_post_read_file(file, buffer, size, id) */
SEC("fentry/security_kernel_post_read_file")
int image_file_fentry(u64 *context)
{
    return is_module_file((s32)context[3]) ? image_read(0, (s32)context[3], (s64)context[2]) : 0;
}

SEC("kprobe/security_kernel_post_read_file")
int image_file_kprobe(struct probe_context *context)
{
    return is_module_file((s32)context->cx) ? image_read(0, (s32)context->cx, (s64)context->dx) : 0;
}

/* security_kernel_post_load_data(buffer, size, id, description) */
SEC("fentry/security_kernel_post_load_data")
int image_data_fentry(u64 *context)
{
    return is_module_data((s32)context[2]) ? image_read(1, (s32)context[2], (s64)context[1]) : 0;
}

SEC("kprobe/security_kernel_post_load_data")
int image_data_kprobe(struct probe_context *context)
{
    return is_module_data((s32)context->dx) ? image_read(1, (s32)context->dx, (s64)context->si) : 0;
}
