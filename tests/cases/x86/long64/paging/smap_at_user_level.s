# A program's RFLAGS.AC means nothing to its own accesses to the user's pages (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, smap_enable
    stac
    user_allowed "mov [rbx], rbx"
    clac
    user_allowed "mov rcx, [rbx]"
    mov byte ptr [window_pte], present|writable
    flush_translations
    stac
    user_refused for_protection|by_user, window, "mov rcx, [rbx]"
    clac
    user_refused for_protection|by_user, window, "mov rcx, [rbx]"
    finish
expect rcx, window
