# A far return to a 32-bit code segment enters compatibility mode, where 0x40 is INC and not REX; a far jump comes back to
# 64-bit mode (Intel SDM Vol. 3, 4.1.1 and 5.8.1).

expect rax, 0x12345678
expect rbx, 2
expect rcx, kernel_code32
expect rip, end
undefined CF|OF|SF|ZF|AF|PF

    mov rax, 0xffffffff12345677
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    .byte 0x40                  # inc eax
    mov ecx, cs
    mov ebx, 1
    .byte 0x43                  # inc ebx
    jmp kernel_code64:wide
    .code64
wide:
    test rax, rax
end:
    hlt
