# PUSHA and PUSHAD that run into a page that cannot be written leave ESP, and once the page is there do all of their
# work (Intel SDM Vol. 3, 6.5; Vol. 2, PUSHA).

.include "x86/prot32/paging/paging.inc"
given rax, 0xa0a1a2a3
given rbx, window+0x1008
given rsi, 0x60616263
expect_memory window_page+0xfe8, 16, 0x6061626300000000, (window+0x1008)<<32
expect_memory window_page+0xff8, 16, window+0x1008, 0xa0a1a2a300000000
expect_memory window_page+0x2ff6, 14, 0x1008300400006263, 0xa2a300000000

    watch_page_faults 32bit
    mov byte ptr [window_pte], 0
    flush_translations
    user_refused by_user|by_write, window+0xffc, "mov esp, ebx; 1: pushad"
    restarts 1b+user_alias, window+0x1008
    mov byte ptr [window_pte], present
    user_refused for_protection|by_user|by_write, window+0xffc, "mov esp, ebx; 1: pushad"
    mov byte ptr [window_pte], everyone
    flush_translations
    user_allowed "mov esp, ebx; pushad"
    mov byte ptr [window_pte + 8], 0
    flush_translations
    user_refused by_user|by_write, window+0x2ffe, "lea esp, [ebx + 0x3004 - 0x1008]; 1: pushaw"
    restarts 1b+user_alias, window+0x3004
    mov byte ptr [window_pte + 8], everyone
    user_allowed "lea esp, [ebx + 0x3004 - 0x1008]; pushaw"
    finish
