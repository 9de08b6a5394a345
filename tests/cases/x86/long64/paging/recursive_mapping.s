# Through a PML4 entry that points to the PML4 the paging entries can be read and written as memory, each level of the
# walk being the one above it (Intel SDM Vol. 3, 4.5). A walk through it takes the table for its last level, and makes
# its entry dirty.

.include "x86/long64/paging/paging.inc"
given rbx, 0xffffff8000000000 + (window>>9)     # Entry 511, then the walk to the window's page-table entry.
given rdx, 0xfffffffffffff008                   # Entry 511 four times: the PML4's entry 1.
expect rcx, window_page+everyone
expect rsi, window_pdpte+everyone+accessed
expect rdi, 0x5a5a
expect_memory page_map_level4+511*8, 1, everyone|accessed|dirty
expect_memory window_pde, 1, everyone|accessed|dirty
expect_memory window_pdpte, 1, everyone|accessed

    watch_page_faults
    mov word ptr [window_page + 0x1000], 0x5a5a
    mov qword ptr [page_map_level4 + 511 * 8], page_map_level4 + everyone
    mov rcx, [rbx]
    mov qword ptr [rbx], window_page + 0x1000 + everyone
    mov rsi, [rdx]
    mov qword ptr [rdx + 510 * 8 - 8], 0
    mov rdi, window
    mov rdi, [rdi]
    finish
