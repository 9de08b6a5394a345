# With CR4.SMEP the supervisor may not fetch from a page that is the user's at every level, and only from that: a clear
# U/S at any level makes it fit. Data and the user are not concerned (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    allowed "jmp rbx"
    turn_on cr4, smep_enable
    refused for_protection|by_fetch, window, "jmp rbx"
    user_allowed "jmp rbx"
    allowed "mov al, [rbx]; mov [rbx], al"
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], present|writable
    flush_translations
    allowed "jmp rbx"
    mov byte ptr [\entry], everyone
    .endr
    flush_translations
    refused for_protection|by_fetch, window, "jmp rbx"
    turn_off cr4, smep_enable
    allowed "jmp rbx"
    finish
expect rax, 0xcc
