# Segment registers to the stack and to general registers: PUSH takes two or four bytes by operand size; MOV to a
# 32-bit register clears its upper half, to a 16-bit one leaves it (Intel SDM Vol. 2, MOV, PUSH).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rax, 0x11111111
given rcx, 0x22222222
expect rax, kernel_data
expect rcx, 0x22220010
expect rdx, 0x1efffc
expect rbx, 0x1efffa
expect rsp, 0x1f0000
expect cs, code16

    put_code16
    mov eax, ds
    mov cx, ds
    push ds
    mov edx, esp
    enter_code16
    push ds
    mov ebx, esp
    pop ds
    pop es
    add esp, 2
    hlt

undefined CF|PF|AF|ZF|SF|OF
