# RETFQ and IRETQ to a RIP that is not canonical are #GP(0) themselves, with the stack as it was, at the same and at
# an outer level (Intel SDM Vol. 2B, RET; 2A, IRET).

.include "x86/long64/faults.inc"

.macro try_return address, code, stack, instruction
    push \stack
    push 0x1e0000
    .ifc \instruction, iretq
    push 2
    .endif
    push \code
    movabs rax, \address
    push rax
    mov rbp, rsp
    refused general_protection, 0, \instruction
    holds rbp, rsp
    mov esp, 0x1f0000
.endm

    watch_faults
    .irp address, 0x0000800000000000, 0xffff7fffffffffff, 0x8000000000010000
    .irp instruction, retfq, iretq
    try_return \address, kernel_code64, kernel_data, \instruction
    try_return \address, user_code64, user_data, \instruction
    .endr
    .endr
    xor eax, eax
    xor ebp, ebp
    hlt
