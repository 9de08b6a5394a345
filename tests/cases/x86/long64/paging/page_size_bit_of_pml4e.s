# PS is reserved in the entries of the highest level (Intel SDM Vol. 3, table 4-15).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_pml4e], everyone|large_page
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    user_refused for_protection|for_reserved_bit|by_user|by_write, window, "mov [rbx], rcx"
    finish
