/* SPDX-License-Identifier: MIT */
/* What the kernel itself says: a module is accepted and about to be initialised, is freed, or is wanted. */
#include "process.bpf.h"
#include "runs.bpf.h"

static __always_inline void put_layout(struct module_record *record, struct module *module)
{
    struct module___upto63 *upto63 = (void *)module;
    struct module___later *later = (void *)module;

    if (bpf_core_field_exists(upto63->core_layout)) {
        record->base = (u64)BPF_CORE_READ(upto63, core_layout.base);
        record->size = BPF_CORE_READ(upto63, core_layout.size);
        record->init_base = (u64)BPF_CORE_READ(upto63, init_layout.base);
        record->init_size = BPF_CORE_READ(upto63, init_layout.size);
        return;
    }
    /* enum mod_mem_type: text, data, rodata, rodata after init, then the same for init. */
    record->base = (u64)BPF_CORE_READ(later, mem[0].base);
    record->size = BPF_CORE_READ(later, mem[0].size) + BPF_CORE_READ(later, mem[1].size) +
                   BPF_CORE_READ(later, mem[2].size) + BPF_CORE_READ(later, mem[3].size);
    record->init_base = (u64)BPF_CORE_READ(later, mem[4].base);
    record->init_size =
        BPF_CORE_READ(later, mem[4].size) + BPF_CORE_READ(later, mem[5].size) + BPF_CORE_READ(later, mem[6].size);
}

static __always_inline u32 put_name(char *into, const char *name)
{
    into[0] = 0;
    if (!name)
        return READ_ABSENT;
    return bpf_probe_read_kernel_str(into, NAME_LIMIT, name) > 0 ? READ_WHOLE : READ_UNREADABLE;
}

static __always_inline int module_changed(u32 kind, struct module *module)
{
    struct module_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    struct module___signed *is_signed = (void *)module;

    if (!record) {
        count_loss(LOSS_STAGE);
        return 0;
    }
    fill_head(&record->head, kind);
    record->head.call_ns = current_call_ns();
    record->address = (u64)module;
    record->taints = BPF_CORE_READ(module, taints);
    record->taints_known = 1;
    record->state = BPF_CORE_READ(module, state);
    record->parameter_count = BPF_CORE_READ(module, num_kp);
    record->signature_ok = 2;
    if (bpf_core_field_exists(is_signed->sig_ok))
        record->signature_ok = BPF_CORE_READ(is_signed, sig_ok);
    put_layout(record, module);
    put_name(record->name, (const void *)module + bpf_core_field_offset(struct module, name));
    record->version_state = put_name(record->version, BPF_CORE_READ(module, version));
    record->srcversion_state = put_name(record->srcversion, BPF_CORE_READ(module, srcversion));
    bpf_ringbuf_submit(record, 0);
    return 0;
}

SEC("raw_tp/module_load")
int module_load(u64 *context)
{
    return module_changed(RECORD_MODULE_LOAD, (void *)context[0]);
}

SEC("raw_tp/module_free")
int module_free(u64 *context)
{
    return module_changed(RECORD_MODULE_FREE, (void *)context[0]);
}

/* do_init_module(module): called right behind the tracepoint. */
SEC("kprobe/do_init_module")
int module_load_kprobe(struct probe_context *context)
{
    return module_changed(RECORD_MODULE_LOAD, (void *)context->di);
}

/* free_module(module): the tracepoint is the first thing in it. */
SEC("kprobe/free_module")
int module_free_kprobe(struct probe_context *context)
{
    return module_changed(RECORD_MODULE_FREE, (void *)context->di);
}

/* Fires in the task that needs the module; the kernel then starts modprobe from a thread of its own. */
SEC("raw_tp/module_request")
int module_request(u64 *context)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    struct scratch *s = scratch_of_cpu(SCRATCH_REQUEST);
    struct request_record *request;
    u32 used;

    if (!s)
        return 0;
    request = (void *)s->record;
    fill_head(&request->head, RECORD_REQUEST);
    request->head.call_ns = current_call_ns();
    request->wait = (bool)context[1];
    request->caller_address = context[2];
    request->name_state = put_name(request->name, (const void *)context[0]);
    used = put_process(s, (void *)request->data, task);
    if (used > RECORD_DATA_SIZE)
        used = RECORD_DATA_SIZE;
    request->head.data_length = used;
    if (bpf_ringbuf_output(&ring, request, sizeof(*request) + used, 0))
        count_loss(LOSS_STAGE);
    return 0;
}
