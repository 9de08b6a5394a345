# Paging can be turned off from compatibility mode, but not while CR4.PCIDE is set: #GP(0) (Intel SDM Vol. 3, 2.5).

.include "x86/long64/paging/paging.inc"
expect rdx, 0                                   # The error code.
expect rsi, fault

    watch_page_faults
    turn_on cr4, pcid_enable
    gate general_protection, on_general_protection
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, cr0
    btr eax, 31
fault:
    mov cr0, eax
    hlt
    .code64
on_general_protection:
    pop rdx
    mov rsi, [rsp]
    mov rsp, 0x1f0000
    mov eax, 0
    turn_off cr4, pcid_enable
    finish
undefined CF|OF|SF|ZF|AF|PF
