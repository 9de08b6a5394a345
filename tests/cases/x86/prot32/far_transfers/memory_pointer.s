# JMP and CALL through a far pointer in memory: 16:32, and with an operand size prefix 16:16, whose offset is
# zero-extended (Intel SDM Vol. 2A, JMP). The pointer is data and subject to its segment's limit.

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
descriptor five_bytes, 0x93, 4, 0x20000, 4
expect cs, low_code
expect fs, five_bytes
expect rax, five_bytes
expect rbx, low_code
expect rsp, 0x1f0000-4
expect_memory 0x1f0000-4, 4, (low_code<<16)+back-image_start

    watch_faults
    mov dword ptr [0x20000], offset there - image_start
    mov dword ptr [0x20004], low_code
    mov eax, five_bytes
    mov fs, ax
    refused general_protection, 0, jmp fword ptr fs:[0]
    jmp fword ptr [0x20000]
there:
    mov ebx, cs
    mov dword ptr [0x20000], offset callee - image_start + low_code * 0x10000
    .byte 0x66, 0xff, 0x1d
    .long 0x20000                           # call far ptr [0x20000], 16:16
back:
    ud2
callee:
    hlt
