# A page is the user's only when U/S is set in the entries of all levels; one clear bit makes it the supervisor's, for
# which nothing changes (Intel SDM Vol. 3, 4.6).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    user_allowed "mov [rbx], rbx"
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], present | writable
    flush_translations
    user_refused for_protection|by_user, window, "mov rcx, [rbx]"
    user_refused for_protection|by_user|by_write, window+8, "mov [rbx + 8], rcx"
    allowed "mov [rbx], rcx"
    mov byte ptr [\entry], everyone
    .endr
    flush_translations
    user_allowed "mov [rbx], rcx"
    finish
