# Prefetches, multi-byte NOPs and LEA take any address (Intel SDM Vol. 2, each).

given rbx, 0x8000000000000000
expect rax, 0x8000000000000007

    prefetcht0 [rbx]
    prefetchnta [rbx]
    prefetchw [rbx]
    nop dword ptr [rbx]
    lea rax, [rbx + 7]
    hlt
