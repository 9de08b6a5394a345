# INVPCID type 0 drops one page's translation under a PCID that need not be the present one (Intel SDM Vol. 2, INVPCID).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, pcid_enable
    .irp pcid, 1, 2
    switch_pcid \pcid
    allowed "mov [rbx], rcx"
    .endr
    mov dword ptr [window_pte], 0
    invpcid rax, [rip + under_1]
    invpcid rax, [rip + under_2]
    refused by_write, window, "mov [rbx], rcx"
    switch_pcid 1
    refused by_write, window, "mov [rbx], rcx"
    switch_pcid 0
    finish
    .balign 16
under_1:
    .quad 1, window + 0x123
under_2:
    .quad 2, window
