# R/W, U/S and XD of an entry that maps 2 MiB or 1 GiB hold for all of the page (Intel SDM Vol. 3, 4.6).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x128000

    watch_page_faults
    mov byte ptr [0x128000], 0xcc
    .irp entry, window_pde, window_pdpte
    mov qword ptr [\entry], present|user|large_page
    flush_translations
    user_allowed "mov al, [rbx]"
    user_refused for_protection|by_user|by_write, window+0x128000, "mov [rbx], al"
    refused for_protection|by_write, window+0x128000, "mov [rbx], al"
    mov byte ptr [\entry], present|writable|large_page
    flush_translations
    allowed "mov [rbx], al"
    user_refused for_protection|by_user, window+0x128000, "mov al, [rbx]"
    mov byte ptr [\entry], everyone|large_page
    mov byte ptr [\entry + 7], 0x80
    flush_translations
    user_allowed "mov [rbx], al"
    user_refused for_protection|by_user|by_fetch, window+0x128000, "jmp rbx"
    refused for_protection|by_fetch, window+0x128000, "jmp rbx"
    .endr
    finish
expect rax, 0xcc
