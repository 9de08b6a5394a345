# POPA and POPAD that run into a page that is not there leave ESP, and once the page is there load every register (Intel
# SDM Vol. 3, 6.5; Vol. 2, POPA). What a register that was read holds meanwhile is not told.

.include "x86/prot32/paging/paging.inc"
given rbx, window+0x1000
expect rdi, 0x11111111
expect rsi, 0x22222222
expect rbp, 0x33333333
expect rbx, 0x55555555
expect rdx, 0x66666666
expect rcx, 0x77777777
expect rax, 0x88888888

    watch_page_faults 32bit
    .irp number, 1, 2, 3, 4, 5, 6, 7, 8
    mov dword ptr [window_page + 0x1000 - 20 + \number * 4], 0x11111111 * \number
    .endr
    mov byte ptr [window_pte + 4], 0
    flush_translations
    user_refused by_user, window+0x1000, "mov esp, window + 0x1000 - 16; 1: popad"
    restarts 1b+user_alias, window+0x1000-16
    user_refused by_user, window+0x1000, "mov esp, window + 0x1000 - 8; 1: popaw"
    restarts 1b+user_alias, window+0x1000-8
    mov byte ptr [window_pte + 4], everyone
    user_allowed "mov esp, window + 0x1000 - 16; popad"
    finish
