# Whether CR0.WP is set counts for every access, also to pages whose translation is cached (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_pte], present|user
    flush_translations
    .rept 2
    refused for_protection|by_write, window, "mov [rbx], rcx"
    turn_off cr0, write_protect
    allowed "mov [rbx], rcx"
    turn_on cr0, write_protect
    .endr
    refused for_protection|by_write, window, "mov [rbx], rcx"
    finish
