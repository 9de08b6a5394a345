# 32-bit code writes and reads 32 bits: the reserved bits of DR6 and DR7 keep their values, and nothing faults (Intel SDM Vol. 3,
# 17.2). A 16-bit operand size changes nothing.

given rax, 0xffffdf00
given rbx, 0xffffffff
expect rcx, 0xffff0700
expect rdx, 0xffffefff
expect rsi, 0xffff0700
expect rdi, 0xffffffff

    mov dr7, eax
    mov ecx, dr7
    mov dr6, ebx
    mov edx, dr6
    .byte 0x66
    mov dr3, ebx
    .byte 0x66
    mov edi, dr3
    .byte 0x0f, 0x21, 0xee                  # mov esi, dr5: CR4.DE is clear.
    hlt
