# In 64-bit mode a far CALL pushes CS and RIP as doublewords by default; RETF pops the same, words with a prefix, and
# quadwords with REX.W, and RETF n drops n bytes more (Intel SDM Vol. 2A, CALL; Vol. 2B, RET).

.include "x86/long64/faults.inc"

expect rax, 0x1f0000-8
expect rbx, 0x1f0000
expect rcx, 0x1f0000
expect_memory 0x30000, 8, (kernel_code64<<32)+back

    mov qword ptr [0x20000], offset callee
    mov dword ptr [0x20004], kernel_code64
    call fword ptr [0x20000]
back:
    mov rbx, rsp
    mov byte ptr [0x8000], 0xc3             # ret, at an address of 16 bits
    push offset returned
    pushw kernel_code64
    pushw 0x8000
    data16 retf
returned:
    push 0x55
    push kernel_code64
    push offset dropped
    retfq 8
dropped:
    mov rcx, rsp
    hlt
callee:
    mov rax, rsp
    mov rdx, [rsp]
    mov [0x30000], rdx
    xor edx, edx
    .byte 0xcb                              # retf
