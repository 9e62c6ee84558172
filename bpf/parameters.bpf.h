/* SPDX-License-Identifier: MIT */
/*
 * The parameters as the kernel has them: its own copy of the caller's text, at the moment when it begins to take it
 * apart. What the caller's memory holds before or after may be something else.
 */
#include "runs.bpf.h"
#include "text.bpf.h"

/* parse_args(doing, args, …): the module's name, and the text */
SEC("kprobe/parse_args")
int parameters_kprobe(struct probe_context *context)
{
    struct open_call *open = current_call();
    struct parameters_record *record;
    struct scratch *s;
    u32 length;
    long got;

    if (!open || open->call == CALL_DELETE_MODULE)
        return 0;
    s = scratch_of_cpu(SCRATCH_PARAMETERS);
    if (!s)
        return 0;
    record = (void *)s->record;
    fill_head(&record->head, RECORD_PARAMETERS);
    record->head.call_ns = open->ns;
    record->reserved = 0;
    record->text.offset = 0;
    record->text.length = 0;
    got = bpf_probe_read_kernel_str(record->data, TEXT_ROOM, (const void *)context->si);
    if (got < 0) {
        record->text.state = READ_UNREADABLE;
    } else if (got > TEXT_LIMIT + 1) {
        record->text.state = READ_CUT;
        record->text.length = TEXT_LIMIT;
    } else {
        record->text.state = READ_WHOLE;
        record->text.length = got ? (u32)got - 1 : 0;
    }
    length = record->text.length & 0x1fff;
    record->head.data_length = length;
    if (bpf_ringbuf_output(&ring, record, sizeof(*record) + length, 0))
        count_loss(LOSS_STAGE);
    return 0;
}
