# What is not present is not cached: an entry of any level that gets P set is used at once (Intel SDM Vol. 3, 4.10.4.3).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], 0
    .endr
    flush_translations
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    refused by_write, window, "mov [rbx], rcx"
    mov byte ptr [\entry], everyone
    .endr
    user_allowed "mov [rbx], rcx"
    finish
