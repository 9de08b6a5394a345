# RETF and IRET check CS before they leave: null is #GP(0); no code, a DPL other than RPL (for conforming code: above
# RPL), RPL below CPL, and a selector beyond the table are #GP with the selector; not present is #NP (Intel SDM Vol.
# 2B, RET; 2A, IRET).

.include "x86/prot32/faults.inc"

.set ring2, 0x40
descriptor absent, 0x1b
descriptor conforming3, 0xff
descriptor code2, 0x9b+ring2
descriptor data, 0x93
.set beyond, data + 8
ends_in_user_code

.macro try_return vector, error, selector
    .irp instruction, retf, iretd
    .ifc \instruction, iretd
    push 2
    .endif
    push \selector
    push 0x10000
    mov ebp, esp
    refused \vector, \error, \instruction
    holds ebp, esp
    mov esp, edi
    .endr
.endm

    watch_faults
    .irp unused, 1, 2, 3, 4
    push user_data
    .endr
    mov edi, esp
    .irp selector, 0, 1, 2, 3
    try_return general_protection, 0, \selector
    .endr
    .irp selector, data, beyond, task_state, conforming3, user_code_entry, code2
    try_return general_protection, \selector, \selector
    .endr
    try_return general_protection, kernel_code32, kernel_code32+1
    try_return general_protection, code2, code2+3
    try_return general_protection, conforming3, conforming3+2
    try_return general_protection, 4, 4
    try_return segment_not_present, absent, absent
    enter_user
    mov edi, esp
    try_return general_protection, kernel_code32, kernel_code32
    try_return general_protection, user_code_entry, user_code_entry
    try_return general_protection, conforming3, conforming3+2
    xor edi, edi
    xor ebp, ebp
    hlt
