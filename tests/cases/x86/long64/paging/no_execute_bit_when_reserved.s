# While EFER.NXE is clear, XD is a reserved bit of every entry: every access faults with RSVD, data or not (Intel SDM
# Vol. 3, 4.5). Fetches are not told from reads then (4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    change_efer 0, no_execute_enable
    flush_translations
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry + 7], 0x80
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    refused for_protection|for_reserved_bit, window, "jmp rbx"
    user_refused for_protection|for_reserved_bit|by_user|by_write, window, "mov [rbx], rcx"
    user_refused for_protection|for_reserved_bit|by_user, window, "jmp rbx"
    mov byte ptr [\entry + 7], 0
    .endr
    flush_translations
    allowed "jmp rbx"
    change_efer no_execute_enable
    finish
