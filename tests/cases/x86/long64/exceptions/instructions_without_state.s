# Of the instructions that came with SSE, those that touch no vector register work whatever CR0.EM, CR0.TS and CR4.OSFXSR say
# (Intel SDM Vol. 3, 2.5, on EM).

    mov eax, 0x8001003d                 # EM, TS
    mov cr0, rax
    mov eax, 0x20
    mov cr4, rax
    movnti [rbx], ecx
    prefetcht0 [rbx]
    prefetchnta [rbx]
    sfence
    lfence
    mfence
    pause
    clflush [rbx]
    popcnt edx, ecx
    crc32 esi, ecx
    hlt

given rcx, 0x12345678
given rbx, 0x20000
expect rax, 0x20
expect rdx, 13
expect rsi, 0xfa745634
expect cr0, 0x8001003d
expect cr4, 0x20
expect_memory 0x20000, 4, 0x12345678
undefined PF|ZF|SF
