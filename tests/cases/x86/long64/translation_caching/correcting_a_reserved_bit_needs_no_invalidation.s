# A translation with a reserved bit set is not cached: once the bit is clear the entry is used (Intel SDM Vol. 3,
# 4.10.4.3).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry + 6], 0x08
    .endr
    flush_translations
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    mov byte ptr [\entry + 6], 0
    .endr
    allowed "mov rcx, [rbx]"
    finish
