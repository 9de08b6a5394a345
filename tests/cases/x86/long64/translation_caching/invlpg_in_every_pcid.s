# INVLPG drops the page's translation under the present PCID, and when it is global for all of them (Intel SDM Vol. 3,
# 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, page_global_enable
    turn_on cr4, pcid_enable
    mov dword ptr [window_pte], window_page + global_page + everyone
    .irp pcid, 1, 2, 3
    switch_pcid \pcid
    allowed "mov [rbx], rcx"
    allowed "mov [rbx + 0x1000], rcx"
    .endr
    mov dword ptr [window_pte], 0
    mov dword ptr [window_pte + 8], 0
    invlpg [rbx]
    invlpg [rbx + 0x1000]
    refused 0, window+0x1000, "mov rcx, [rbx + 0x1000]"
    .irp pcid, 1, 2, 3
    switch_pcid \pcid
    refused by_write, window, "mov [rbx], rcx"
    .endr
    switch_pcid 0
    finish
