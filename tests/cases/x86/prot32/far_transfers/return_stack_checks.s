# RETF and IRET to an outer level check the SS that they pop: null is #GP(0), a selector whose RPL or DPL is not that
# of the new CS, or that is no writable data, is #GP with it, and one that is not present #SS (Intel SDM Vol. 2B, RET;
# 2A, IRET).

.include "x86/prot32/faults.inc"

.set ring3, 0x60
descriptor absent, 0x13+ring3
descriptor read_only, 0x91+ring3
descriptor code, 0x9b+ring3
descriptor data2, 0x93+0x40
.set beyond, data2 + 8

.macro try_return vector, error, selector
    .irp instruction, retf, iretd
    push \selector
    push 0x1e0000
    .ifc \instruction, iretd
    push 2
    .endif
    push user_code32
    push 0x10000
    refused \vector, \error, \instruction
    mov esp, 0x1f0000
    .endr
.endm

    watch_faults
    .irp selector, 0, 1, 2, 3
    try_return general_protection, 0, \selector
    .endr
    .irp entry, read_only, code, data2, beyond, task_state, kernel_data
    try_return general_protection, \entry, \entry+3
    .endr
    try_return general_protection, 0x18, 0x18
    try_return general_protection, 0x18, 0x18+2
    try_return general_protection, data2, data2+2
    try_return stack_fault, absent, absent+3
    hlt
