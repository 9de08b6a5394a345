# A physical-address bit beyond MAXPHYADDR, set in an entry of any level, faults with P and RSVD, whatever is tried
# (Intel SDM Vol. 3, 4.5 and 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry + 6], 0x08             # Bit 51.
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    refused for_protection|for_reserved_bit|by_write, window, "mov [rbx], rcx"
    refused for_protection|for_reserved_bit|by_fetch, window, "jmp rbx"
    user_refused for_protection|for_reserved_bit|by_user, window, "mov rcx, [rbx]"
    user_refused for_protection|for_reserved_bit|by_user|by_write, window, "mov [rbx], rcx"
    user_refused for_protection|for_reserved_bit|by_user|by_fetch, window, "jmp rbx"
    mov byte ptr [\entry + 6], 0
    .endr
    flush_translations
    allowed "mov [rbx], rcx"
    finish
