# CR4.SMAP and RFLAGS.AC count for every access, also to pages whose translation is cached; so does the privilege level
# (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .rept 2
    allowed "mov [rbx], rcx"
    user_allowed "mov [rbx], rcx"
    turn_on cr4, smap_enable
    refused for_protection|by_write, window, "mov [rbx], rcx"
    stac
    allowed "mov [rbx], rcx"
    clac
    refused for_protection, window, "mov rcx, [rbx]"
    user_allowed "mov [rbx], rcx"
    turn_off cr4, smap_enable
    .endr
    finish
