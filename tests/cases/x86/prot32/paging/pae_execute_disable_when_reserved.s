# While EFER.NXE is clear XD is reserved in PAE's entries, and fetches are not told (Intel SDM Vol. 3, 4.4.2 and 4.7).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults pae
    .irp entry, window_pde, window_pte
    mov byte ptr [\entry + 7], 0x80
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov cl, [ebx]"
    user_refused for_protection|for_reserved_bit|by_user, window, "jmp ebx"
    change_efer no_execute_enable
    flush_translations
    user_allowed "mov cl, [ebx]"
    user_refused for_protection|by_user|by_fetch, window, "jmp ebx"
    change_efer 0, no_execute_enable
    mov byte ptr [\entry + 7], 0
    .endr
    finish
