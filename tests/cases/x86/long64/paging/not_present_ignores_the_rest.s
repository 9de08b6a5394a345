# In an entry with P clear no other bit counts: neither rights nor reserved bits (Intel SDM Vol. 3, 4.5 and 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov qword ptr [\entry], -2
    flush_translations
    refused 0, window, "mov rcx, [rbx]"
    user_refused by_user|by_write, window, "mov [rbx], rcx"
    user_refused by_user|by_fetch, window, "jmp rbx"
    mov qword ptr [\entry], 0
    flush_translations
    refused by_write, window, "mov [rbx], rcx"
    .endr
    finish
