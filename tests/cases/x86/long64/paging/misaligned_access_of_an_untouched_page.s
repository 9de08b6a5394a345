# Whether an operand is aligned is looked at before its page is: the accessed bit stays clear (Intel SDM Vol. 3, 6.5 and
# 4.8).

.include "x86/long64/paging/paging.inc"
given rdi, window+8
expect_memory window_pte, 1, everyone
faults general_protection, fault, 0

    watch_page_faults
    nop
fault:
    movaps xmm1, [rdi]
    movaps xmm2, [rdi + 16]
    hlt
