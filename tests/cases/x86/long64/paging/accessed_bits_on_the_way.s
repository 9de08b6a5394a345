# A read sets the accessed bit of each entry that it used, and of no other; a fetch does the same, and neither sets a
# dirty bit (Intel SDM Vol. 3, 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
expect_memory window_pml4e, 8, window_pdpte+everyone+accessed
expect_memory window_pdpte, 8, window_pde+everyone+accessed
expect_memory window_pde, 8, window_pte+everyone+accessed
expect_memory window_pde+8, 8, window_pte+everyone
expect_memory window_pte, 8, window_page+everyone
expect_memory window_pte+8, 8, window_page+0x1000+everyone+accessed
expect_memory window_pte+16, 8, window_page+0x2000+everyone+accessed

    watch_page_faults
    mov qword ptr [window_pde + 8], window_pte + everyone
    mov byte ptr [window_page + 0x2000], 0xcc
    allowed "mov rcx, [rbx]"
    allowed "add rbx, 0x1000; jmp rbx"
    sub rbx, 0x1000
    finish
undefined CF|OF|SF|ZF|AF|PF
