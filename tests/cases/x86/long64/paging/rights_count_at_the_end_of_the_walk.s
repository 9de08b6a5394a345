# A walk goes down to an entry that is not present or has a reserved bit before rights are looked at: the error code
# tells of that entry, though those above it forbid the access (Intel SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_pml4e], present        # The supervisor's, read-only and not to be executed.
    mov byte ptr [window_pml4e + 7], 0x80
    mov byte ptr [window_pte], 0
    flush_translations
    user_refused by_user, window, "mov rcx, [rbx]"
    user_refused by_user|by_write, window, "mov [rbx], rcx"
    user_refused by_user|by_fetch, window, "jmp rbx"
    refused by_write, window, "mov [rbx], rcx"
    mov byte ptr [window_pte], everyone
    mov byte ptr [window_pte + 6], 0x08         # Bit 51 is beyond MAXPHYADDR.
    flush_translations
    user_refused for_protection|for_reserved_bit|by_user, window, "mov rcx, [rbx]"
    refused for_protection|for_reserved_bit|by_fetch, window, "jmp rbx"
    finish
