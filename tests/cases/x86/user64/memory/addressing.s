# Base, index, scale, displacement, RIP-relative and absolute addresses, and the address-size prefix, which truncates to
# 32 bits (Intel SDM Vol. 1, 3.7.5).

given rbx, 0x100000000
given rcx, 3
given rbp, 0x20000
given r12, 0x20000
given r13, 0x20000
expect rax, 0x20064
expect rdx, 0x10000001a
expect rsi, 0x1a
expect rdi, 0x1122334455667788
expect r8, 0x1122334455667788
expect r9, 0x55667788
expect r10, here
expect r11, 0xff88
expect retired, 8

    lea rax, [rbp + 100]
    lea rdx, [rbx + rcx * 8 + 2]
    lea esi, [rbx + rcx * 8 + 2]
    mov rdi, [rip + value]
    mov r8, [value]
    mov r9d, [ebx + value]      # 0x100000000 is truncated
    lea r10, [rip + here]
here:
    movsx r11w, byte ptr [r12 + rcx * 4 + value - 0x20000 - 12]
    hlt
    .balign 8
value:
    .quad 0x1122334455667788
