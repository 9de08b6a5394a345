# XD set in the entry of any level forbids fetches from the page, at every privilege level, and nothing else (Intel SDM
# Vol. 3, 4.6).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc            # INT3, which ends an attempt.
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry + 7], 0x80
    flush_translations
    refused for_protection|by_fetch, window, "jmp rbx"
    user_refused for_protection|by_user|by_fetch, window, "jmp rbx"
    user_allowed "mov al, [rbx]; mov [rbx], al"
    mov byte ptr [\entry + 7], 0
    .endr
    flush_translations
    allowed "jmp rbx"
    user_allowed "jmp rbx"
    finish
expect rax, 0xcc
