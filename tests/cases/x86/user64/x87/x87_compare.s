# FCOMI sets EFLAGS; FUCOM with a NaN is unordered (Intel SDM Vol. 2A).

expect rax, 1
expect rbx, 1
expect st0, 0xc000000000000000, 0xffff     # the default NaN: 0 / 0
expect st1, 0x8000000000000000, 0x3fff
expect fsw, 0x3001
expect ftw, 0xc0
expect rflags, ZF|PF|CF

    fldz
    fld1
    fcomi st, st(1)             # 1 above 0
    seta al
    fxch
    fdiv st, st(0)              # 0 / 0: invalid
    fucomi st, st(1)
    setp bl
    hlt
