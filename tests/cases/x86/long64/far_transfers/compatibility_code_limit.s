# A far transfer from 64-bit mode to compatibility code checks the offset against the limit of its segment: #GP(0); to
# 64-bit code there is no limit (Intel SDM Vol. 3, 5.3.1; Vol. 2A, JMP).

.include "x86/long64/faults.inc"

descriptor narrow, 0x9b, 0xfff, 0x10000, 4
descriptor narrow_but_long, 0x9b, 0, 0, 2
expect cs, narrow_but_long

    watch_faults
    mov dword ptr [0x20000], 0x1000
    mov dword ptr [0x20004], narrow
    .irp instruction, jmp, call
    refused general_protection, 0, \instruction fword ptr [0x20000]
    .endr
    push kernel_data
    push 0x1f0000
    push 2
    push narrow
    push 0x1000
    refused general_protection, 0, iretq
    add rsp, 40
    push narrow
    push 0x1000
    refused general_protection, 0, retfq
    add rsp, 16
    push narrow_but_long
    push offset here
    retfq
here:
    hlt
