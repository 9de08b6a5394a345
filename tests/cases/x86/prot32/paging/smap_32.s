# CR4.SMAP and EFLAGS.AC work in protected mode as in 64-bit mode (Intel SDM Vol. 3, 4.6.1).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults 32bit
    turn_on cr4, smap_enable
    refused for_protection, window, "mov ecx, [ebx]"
    refused for_protection|by_write, window, "mov [ebx], ecx"
    stac
    allowed "mov [ebx], ecx"
    clac
    user_allowed "mov [ebx], ecx"
    mov byte ptr [window_pde], present|writable
    flush_translations
    allowed "mov [ebx], ecx"
    finish
