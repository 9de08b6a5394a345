# RETF and IRET of 64-bit mode to CPL 3 check the SS that they pop: null is #GP(0) there, a bad RPL, DPL or type is
# #GP with the selector, not present #SS (Intel SDM Vol. 2B, RET; 2A, IRET). To compatibility mode null is #GP(0) at
# every level.

.include "x86/long64/faults.inc"

descriptor absent, 0x73
descriptor read_only, 0xf1
descriptor code, 0xfb
descriptor data2, 0xd3
descriptor compatibility1, 0xbb
.set beyond, compatibility1 + 8

.macro try_return vector, error, selector, code=user_code64
    .irp instruction, retfq, iretq
    push \selector
    push 0x1e0000
    .ifc \instruction, iretq
    push 2
    .endif
    push \code
    push 0x10000
    refused \vector, \error, \instruction
    mov esp, 0x1f0000
    .endr
.endm

    watch_faults
    .irp selector, 0, 1, 2, 3
    try_return general_protection, 0, \selector
    try_return general_protection, 0, \selector, user_code32
    .endr
    try_return general_protection, 0, 1, compatibility1+1
    .irp entry, read_only, code, data2, beyond, task_state, kernel_data
    try_return general_protection, \entry, \entry+3
    .endr
    try_return general_protection, 0x18, 0x18
    try_return stack_fault, absent, absent+3
    hlt
