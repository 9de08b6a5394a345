# The pointer to the last x87 instruction names one in the second page of a loop that lies in two, and one in both.

given rcx, 6
given rdi, 0x20000
expect rcx, 0
expect rbx, second
expect rdx, both
undefined CF|PF|AF|ZF|SF|OF

    fldpi
    fldz
    jmp round
    .org 0xff4, 0x90
round:
    nop
    .org 0xfff, 0x90
both:
    fadd st(0), st(1)
    fnstenv [rdi]
    mov edx, [rdi + 12]
    nop
second:
    fsub st(0), st(1)
    dec ecx
    jnz round
    fnstenv [rdi]
    mov ebx, [rdi + 12]
    fninit
    hlt
