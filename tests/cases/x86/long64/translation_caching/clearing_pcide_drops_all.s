# Clearing CR4.PCIDE drops the translations of all PCIDs and the global ones; what remains in CR3's bits 11:0 then
# counts as PWT and PCD (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, page_global_enable
    turn_on cr4, pcid_enable
    mov dword ptr [window_pte], window_page + global_page + everyone
    allowed "mov rcx, [rbx]"
    allowed "mov rcx, [rbx + 0x1000]"
    mov eax, page_map_level4 + 7
    mov cr3, rax
    allowed "mov [rbx + 0x2000], rcx"
    mov dword ptr [window_pte], 0
    mov dword ptr [window_pte + 8], 0
    mov dword ptr [window_pte + 16], 0
    turn_off cr4, pcid_enable
    refused 0, window, "mov rcx, [rbx]"
    refused 0, window+0x1000, "mov rcx, [rbx + 0x1000]"
    refused by_write, window+0x2000, "mov [rbx + 0x2000], rcx"
    mov eax, page_map_level4
    mov cr3, rax
    mov eax, 0
    finish
