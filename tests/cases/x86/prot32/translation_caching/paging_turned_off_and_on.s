# Clearing CR0.PG drops every translation, the global ones too (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults 32bit
    turn_on cr4, page_global_enable
    or dword ptr [window_pte + 4], global_page
    allowed "mov ecx, [ebx]"
    allowed "mov ecx, [ebx + 0x1000]"
    turn_off cr0, 31
    mov dword ptr [window_pte], 0
    mov dword ptr [window_pte + 4], 0
    turn_on cr0, 31
    refused by_write, window, "mov [ebx], ecx"
    refused 0, window+0x1000, "mov ecx, [ebx + 0x1000]"
    finish
