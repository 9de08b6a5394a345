# INVPCID type 1 drops what one PCID has that is not global, type 2 all of every PCID, and type 3 all that is not
# global; the descriptor's address does not matter (Intel SDM Vol. 2, INVPCID).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, page_global_enable
    turn_on cr4, pcid_enable
    .irp type, 1, 2, 3
    mov dword ptr [window_pte], window_page + everyone
    mov dword ptr [window_pte + 8], window_page + global_page + everyone
    .irp pcid, 2, 1
    switch_pcid \pcid
    allowed "mov [rbx], rcx"
    allowed "mov [rbx + 0x1000], rcx"
    .endr
    mov dword ptr [window_pte], 0
    mov eax, \type
    invpcid rax, [rip + under_2]
    .if \type > 1
    refused by_write, window, "mov [rbx], rcx"
    .endif
    switch_pcid 2
    refused by_write, window, "mov [rbx], rcx"
    .if \type == 2
    mov dword ptr [window_pte + 8], 0
    mov eax, 2
    invpcid rax, [rip + under_2]
    refused by_write, window+0x1000, "mov [rbx + 0x1000], rcx"
    .endif
    .endr
    mov eax, 0
    switch_pcid 0
    finish
    .balign 16
under_2:
    .quad 2, 0x1234000000000000
