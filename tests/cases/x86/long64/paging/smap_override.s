# RFLAGS.AC, however it was set, lets the supervisor touch the user's pages in spite of CR4.SMAP, but gives no right to
# write read-only ones (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, smap_enable
    stac
    allowed "mov [rbx], rbx"
    clac
    refused for_protection, window, "mov rcx, [rbx]"
    pushfq
    mov byte ptr [rsp + 2], AC >> 16
    popfq
    allowed "mov rcx, [rbx]"
    mov byte ptr [window_pte], present|user
    flush_translations
    refused for_protection|by_write, window, "mov [rbx], rbx"
    turn_off cr0, write_protect
    allowed "mov [rbx], rbx"
    clac
    refused for_protection|by_write, window, "mov [rbx], rbx"
    finish
expect rcx, window
