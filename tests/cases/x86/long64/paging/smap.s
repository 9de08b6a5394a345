# With CR4.SMAP the supervisor's data accesses to a page that is the user's at every level fault while RFLAGS.AC is
# clear. Fetches and the user are not concerned (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    turn_on cr4, smap_enable
    refused for_protection, window, "mov al, [rbx]"
    refused for_protection|by_write, window, "mov [rbx], al"
    refused for_protection|by_write, window, "lock inc byte ptr [rbx]"
    user_allowed "mov al, [rbx]; mov [rbx], al"
    allowed "jmp rbx"
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], present|writable
    flush_translations
    allowed "mov al, [rbx]; mov [rbx], al"
    mov byte ptr [\entry], everyone
    .endr
    finish
expect rax, 0xcc
