# RETF and IRET of 64-bit mode check CS: null is #GP(0); no code, a DPL other than RPL (for conforming code: above
# RPL), RPL below CPL and a selector beyond its table are #GP with it, not present is #NP with it (Intel SDM Vol. 2B,
# RET; 2A, IRET).

.include "x86/long64/faults.inc"

descriptor absent, 0x1b, 0xfffff, 0, 0xa
descriptor conforming3, 0xff, 0xfffff, 0, 0xa
descriptor code2, 0xdb, 0xfffff, 0, 0xa
descriptor data, 0x93
.set beyond, data + 8
ends_in_user_code

.macro try_return vector, error, selector
    .irp instruction, retfq, iretq
    push user_data
    push 0x1e0000
    .ifc \instruction, iretq
    push 2
    .endif
    push \selector
    push 0x10000
    mov rbp, rsp
    refused \vector, \error, \instruction
    holds rbp, rsp
    mov rsp, rdi
    .endr
.endm

    watch_faults
    mov rdi, rsp
    .irp selector, 0, 1, 2, 3
    try_return general_protection, 0, \selector
    .endr
    .irp selector, data, beyond, task_state, conforming3, 0x20, code2, 4
    try_return general_protection, \selector, \selector
    .endr
    try_return general_protection, kernel_code64, kernel_code64+1
    try_return general_protection, code2, code2+3
    try_return general_protection, conforming3, conforming3+2
    try_return segment_not_present, absent, absent
    enter_user
    mov rdi, rsp
    try_return general_protection, kernel_code64, kernel_code64
    try_return general_protection, 0x20, 0x20
    try_return general_protection, conforming3, conforming3+2
    xor edi, edi
    xor ebp, ebp
    hlt
