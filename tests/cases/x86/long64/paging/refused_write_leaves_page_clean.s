# A write that faults does not set the dirty bit (Intel SDM Vol. 3, 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_pte, 8, window_page+present+user+accessed
expect_memory window_pte+8, 8, window_page+0x1000+present+writable+accessed
expect_memory window_page, 8, 0
expect_memory window_page+0x1000, 8, 0

    watch_page_faults
    mov byte ptr [window_pte], present|user
    mov byte ptr [window_pte + 8], present|writable
    flush_translations
    allowed "mov rcx, [rbx]"
    allowed "mov rcx, [rbx + 0x1000]"
    refused for_protection|by_write, window, "mov [rbx], rbx"
    user_refused for_protection|by_user|by_write, window+0x1000, "lock add [rbx + 0x1000], rbx"
    finish
