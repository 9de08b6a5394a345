# Of 32-bit entries a read sets both accessed bits, and a write the table entry's dirty bit alone (Intel SDM Vol. 3,
# 4.8).

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect_memory window_pde, 4, window_pte+everyone+accessed
expect_memory window_pde+4, 4, low_table+everyone+accessed
expect_memory window_pde+8, 4, window_pte+everyone
expect_memory window_pte, 4, window_page+everyone
expect_memory window_pte+4, 4, window_page+0x1000+everyone+accessed
expect_memory window_pte+8, 4, window_page+0x2000+everyone+accessed+dirty

    watch_page_faults 32bit
    mov dword ptr [window_pde + 8], window_pte + everyone
    allowed "mov ecx, [ebx + 0x1000]"
    user_allowed "xchg [ebx + 0x2000], ecx"
    finish
