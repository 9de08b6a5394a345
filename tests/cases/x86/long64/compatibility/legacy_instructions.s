# Instructions that 64-bit mode has not work in compatibility mode, and ARPL is itself again and not MOVSXD (Intel
# SDM Vol. 2, "valid in compatibility mode").

given rax, 0x0f
given rcx, 1
given rdx, 3
expect cs, kernel_code32
expect rax, 0x15
expect rcx, 3
expect rsi, kernel_code32
expect rdi, kernel_data
expect rflags, ZF
expect rbx, 0x15

    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    daa                         # 15
    mov ebx, eax
    push cs
    pop esi
    push es
    pop edi
    pusha
    popa
    bound ebx, [limits]
    into
    cmp ecx, ecx
    .byte 0x63, 0xd1            # arpl cx, dx
    hlt
limits:
    .long 0, 0x20

undefined PF
