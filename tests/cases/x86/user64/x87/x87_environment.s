# FNINIT, FLDCW, FNSTCW; FLD of a ninth value overflows the stack: C1 and the stack fault flag.

expect rax, 0x27f
expect fcw, 0x27f
expect fsw, 0x3a41
expect ftw, 0xff
expect st0, 0xc000000000000000, 0xffff
expect st1, 0, 0

    fninit
    mov word ptr [0x20000], 0x27f
    fldcw [0x20000]
    .rept 9
    fldz
    .endr
    fnstcw [0x20002]
    movzx eax, word ptr [0x20002]
    hlt
