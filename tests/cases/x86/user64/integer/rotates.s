# ROL, ROR, RCL and RCR (Intel SDM Vol. 2B): only CF and OF change; RCL and RCR rotate through CF, so 8-bit ones modulo 9.

given rax, 0x8000000000000001
given rbx, 0x12
given rcx, 10
given rdx, 0x81
expect rax, 0x0000000000000003
expect rbx, 0x24
expect rdx, 0xc0
expect r8, 0x80000000
expect rflags, ZF|CF
undefined OF|AF|PF|SF

    xor r8d, r8d                # ZF = 1: the rotates leave it
    rol rax, 1
    clc
    rcl bl, cl                  # 10 mod 9 = 1
    mov r8d, 1
    ror r8d, 1
    clc
    rcr dl, 1                   # 0x40, CF = 1
    rcr dl, 9                   # all the way round
    or dl, 0x80
    cmp ecx, 10
    stc
    hlt
