# A write sets the dirty bit of the entry that maps the page, whatever its size; bit 6 of the entries above stays as it
# is (Intel SDM Vol. 3, 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_pml4e, 8, window_pdpte+everyone+accessed
expect_memory window_pdpte, 8, window_pde+everyone+accessed
expect_memory window_pdpte+8, 8, everyone+large_page+accessed+dirty
expect_memory window_pde, 8, window_pte+everyone+accessed
expect_memory window_pde+8, 8, everyone+large_page+accessed+dirty
expect_memory window_pte, 8, window_page+everyone+accessed+dirty

    watch_page_faults
    mov qword ptr [window_pde + 8], everyone|large_page
    mov qword ptr [window_pdpte + 8], everyone|large_page
    allowed "mov [rbx], rbx"
    allowed "mov [rbx + 0x230000], rbx"
    allowed "mov [rbx + 0x40030000], rbx"
    finish
