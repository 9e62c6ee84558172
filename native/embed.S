/* SPDX-License-Identifier: MIT */
/* The BPF object and the capture's schema as bytes of the program: one file runs on a machine with nothing installed. */
    .section .rodata
    .balign 16
    .global embedded_bpf
embedded_bpf:
    .incbin BPF_OBJECT
    .global embedded_bpf_end
embedded_bpf_end:
    .balign 16
    .global embedded_schema
embedded_schema:
    .incbin SCHEMA
    .byte 0
    .section .note.GNU-stack,"",@progbits
