# The x87 stack: FLD1, FLDPI, FADDP, FMUL, FIST, FSTP; and FSTSW AX with TOP (Intel SDM Vol. 1, 8.1).

expect rax, 0x3820
expect ftw, 0x80
expect fsw, 0x3820
expect st0, 0x8487ed5110b4611a, 0x4001     # (1+pi), rounded to 64 bits
expect_memory 0x20000, 4, 4
expect_memory 0x20008, 8, 0x401090fdaa22168c

    fld1
    fldpi
    faddp
    fist dword ptr [0x20000]
    fst qword ptr [0x20008]
    fnstsw ax
    hlt
