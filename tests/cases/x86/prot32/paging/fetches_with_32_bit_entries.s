# Without PAE nothing can forbid fetches, and only CR4.SMEP, not EFER.NXE, makes the error code tell of them (Intel SDM
# Vol. 3, 4.6 and 4.7).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults 32bit
    mov byte ptr [window_page], 0xcc
    change_efer no_execute_enable
    mov byte ptr [window_pte + 4], 0
    allowed "jmp ebx"
    refused 0, window+0x1000, "add ebx, 0x1000; jmp ebx"
    user_refused by_user, window+0x1000, "jmp ebx"
    turn_on cr4, smep_enable
    refused by_fetch, window+0x1000, "jmp ebx"
    user_refused by_user|by_fetch, window+0x1000, "jmp ebx"
    sub ebx, 0x1000
    refused for_protection|by_fetch, window, "jmp ebx"
    user_allowed "jmp ebx"
    mov byte ptr [window_pde], present|writable
    flush_translations
    allowed "jmp ebx"
    change_efer 0, no_execute_enable
    finish
undefined CF|OF|SF|ZF|AF|PF
