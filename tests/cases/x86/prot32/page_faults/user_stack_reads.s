# POPs, RET, LEAVE, IRET and far returns of a program whose stack is not there leave ESP and EIP, and so do those whose
# frame goes on in an absent page (Intel SDM Vol. 3, 6.5).

.include "x86/prot32/paging/paging.inc"

    watch_page_faults 32bit
    mov byte ptr [window_pte + 4], 0
    flush_translations
    .irp instruction, "pop ecx", "pop es", "popfd", "ret", "ret 8"
    user_refused by_user, window+0x1000, "mov esp, window + 0x1000; 1: \instruction"
    restarts 1b+user_alias, window+0x1000
    .endr
    .irp instruction, "lret", "lret 4", "iretd"
    user_attempt "mov esp, window + 0xffc; 1: \instruction"
    ignore_low_byte_of_address
    expect_attempt by_user, window+0x1000
    restarts 1b+user_alias, window+0xffc
    .endr
    user_refused by_user, window+0x1000, "mov esp, window + 0xffd; 1: pop ecx"
    restarts 1b+user_alias, window+0xffd
    finish
