# FLDCW that unmasks an exception whose flag is set makes it pending, for the next waiting instruction and none before
# (Intel SDM Vol. 1, 8.1.3 and 8.6): in code that has run often before, too.

given rbx, 0x20000
given rcx, 40
expect rbx, 0x20000
expect rcx, 1
expect rax, 0xb0a4
expect rdx, 40
faults x87_error, fault
expect rflags, PF|2
expect fcw, 0x37b
expect fsw, 0xb0a4
expect ftw, 0xc0

    mov dword ptr [rbx], 0x37b037f
    fld1
    fldpi
again:
    xor eax, eax
    cmp ecx, 1
    sete al
    fldcw [rbx + rax * 2]
    fnstsw ax
    inc edx
fault:
    fldz
    fdivr st, st(2)
    fstp st
    fld st(1)
    fdiv st, st(1)
    fstp st
    dec ecx
    jnz again
    hlt
