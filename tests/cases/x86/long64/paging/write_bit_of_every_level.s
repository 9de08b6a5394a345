# R/W clear in the entry of any level makes a page read-only, for the user and, with CR0.WP set, for the supervisor
# (Intel SDM Vol. 3, 4.6).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], present|user
    flush_translations
    user_allowed "mov rcx, [rbx]"
    user_refused for_protection|by_user|by_write, window+8, "mov [rbx + 8], rbx"
    refused for_protection|by_write, window+8, "mov [rbx + 8], rbx"
    mov byte ptr [\entry], everyone
    .endr
    flush_translations
    user_allowed "mov [rbx], rbx"
    finish
expect_memory window_page, 16, window
