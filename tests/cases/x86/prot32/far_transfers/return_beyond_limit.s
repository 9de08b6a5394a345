# RETF and IRET to an offset beyond the limit of the new CS: #GP(0), at the same and at an outer level (Intel SDM Vol.
# 2B, RET).

.include "x86/prot32/faults.inc"

descriptor narrow, 0x9b, 0xfff, 0x10000, 4
descriptor outer_narrow, 0xfb, 0xfff, 0x10000, 4

    watch_faults
    .irp selector, narrow, outer_narrow+3
    .irp instruction, retf, iretd
    push user_data
    push 0x1e0000
    .ifc \instruction, iretd
    push 2
    .endif
    push \selector
    push 0x1000
    refused general_protection, 0, \instruction
    mov esp, 0x1f0000
    .endr
    .endr
    hlt
