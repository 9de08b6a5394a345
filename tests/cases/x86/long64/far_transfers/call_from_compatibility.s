# A far CALL from compatibility mode to 64-bit code pushes by its operand size, and RETF there comes back: 32 bits are
# enough for both (Intel SDM Vol. 2A, CALL).

.include "x86/long64/faults.inc"

expect cs, kernel_code32
expect rax, 0x1f0000-8
expect_memory 0x30000, 8, (kernel_code32<<32)+back

    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    lcall kernel_code64:callee
back:
    hlt
    .code64
callee:
    mov rax, rsp
    mov rcx, [rsp]
    mov [0x30000], rcx
    xor ecx, ecx
    .byte 0xcb                              # retf
