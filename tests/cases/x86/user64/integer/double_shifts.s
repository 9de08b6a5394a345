# SHLD and SHRD (Intel SDM Vol. 2B).

given rax, 0x123456789abcdef0
given rbx, 0xfedcba9876543210
given rcx, 8
expect rax, 0x3456789abcdef0fe
expect rdx, 0x10123456
expect rflags, PF
undefined AF|OF

    mov edx, 0x12345678
    shld rax, rbx, 8
    shrd edx, ebx, cl
    add edx, 0
    hlt
