# ENTER that cannot push, or whose frame ends where nothing can be pushed, leaves ESP and EBP (Intel SDM Vol. 2, ENTER).

.include "x86/prot32/paging/paging.inc"
given rbp, window+0x3000

    watch_page_faults 32bit
    mov byte ptr [window_pte + 4], present|user
    flush_translations
    user_refused for_protection|by_user|by_write, window+0x1ffc, "mov esp, window + 0x2004; 1: enter 0, 2"
    restarts 1b+user_alias, window+0x2004
    user_refused for_protection|by_user|by_write, window+0x1000, "mov esp, window + 0x3004; 1: enter 0x2000, 0"
    restarts 1b+user_alias, window+0x3004
    mov byte ptr [window_pte + 4], 0
    flush_translations
    user_refused by_user, window+0x1ffc, "mov ebp, window + 0x2004; mov esp, window + 0x2100; 1: enter 0, 3"
    restarts 1b+user_alias, window+0x2100
    mov [0x30000], ebp
    mov ebp, window + 0x3000
    user_allowed "mov esp, window + 0x3004; enter 0, 2; leave"
    finish
expect_memory 0x30000, 4, window+0x2004
