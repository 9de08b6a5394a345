# BSF, BSR, TZCNT, LZCNT and POPCNT (Intel SDM Vol. 2); BSF of 0 leaves the destination on every CPU there is, and
# the newer manuals say so.

given rax, 0x0000100000080000
given r8, 0x55
expect rbx, 19
expect rcx, 44
expect rdx, 64
expect rsi, 19
expect rdi, 2
expect r8, 0x55
expect r9, 32
expect rflags, ZF
undefined CF|OF|SF|AF|PF

    bsf rbx, rax
    bsr rcx, rax
    popcnt rdi, rax
    lzcnt rsi, rax
    xor edx, edx
    tzcnt r9d, edx
    lzcnt rdx, rdx
    bsf r8, r10
    hlt
