# An operand of 80 bits whose second page faults leaves registers, TOP and flags as they were, and memory too (Intel SDM
# Vol. 1, 8.1). One across two pages that exist is whole.

given rbx, 0x1ffff9
given rcx, 0x1feffb
expect rcx, 0x1feffb
expect fsw, 0x3000
expect ftw, 0xc0
expect st0, 0xc90fdaa22168c235, 0x4000
expect st1, 0xc90fdaa22168c235, 0x4000
expect_memory 0x1feffb, 8, 0xc90fdaa22168c235
expect_memory 0x1ff003, 8, 0x4000
expect_memory 0x1ffff9, 7, 0
expect rbx, 0x1ffff9
faults page_fault, fault, 6
expect cr2, unmapped
expect rflags, PF|ZF|2

    fldpi
    fld st
    fstp tbyte ptr [rcx]
    fld tbyte ptr [rcx]
    xor eax, eax
fault:
    fstp tbyte ptr [rbx]
    hlt
