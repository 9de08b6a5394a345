# After rights were taken from an entry on the way, INVLPG makes them count (Intel SDM Vol. 3, 4.10.4.1 and 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    user_allowed "mov byte ptr [rbx], 0xcc"
    user_allowed "jmp rbx"
    mov byte ptr [\entry], present|user
    invlpg [rbx]
    user_refused for_protection|by_user|by_write, window, "mov [rbx], al"
    refused for_protection|by_write, window, "mov [rbx], al"
    mov byte ptr [\entry], present|writable
    invlpg [rbx]
    user_refused for_protection|by_user, window, "mov al, [rbx]"
    mov byte ptr [\entry], everyone
    mov byte ptr [\entry + 7], 0x80
    invlpg [rbx]
    user_refused for_protection|by_user|by_fetch, window, "jmp rbx"
    mov byte ptr [\entry + 7], 0
    .endr
    invlpg [rbx]
    user_allowed "jmp rbx"
    finish
