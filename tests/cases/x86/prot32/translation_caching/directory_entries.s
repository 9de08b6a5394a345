# After a directory entry was changed MOV to CR3 or INVLPG makes the new table count, with 32-bit entries (Intel SDM
# Vol. 3, 4.10.4.2).

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x1111

    watch_page_faults 32bit
    mov dword ptr [window_page], 0x1111
    mov dword ptr [window_page + 0x1000], 0x2222
    mov dword ptr [0x24000], window_page + 0x1000 + everyone
    mov ecx, [ebx]
    mov dword ptr [window_pde], 0x24000 + everyone
    flush_translations
    mov edx, [ebx]
    mov dword ptr [window_pde], window_pte + everyone
    invlpg [ebx]
    mov esi, [ebx]
    refused 0, window+0x4000, "mov [0x30000], esi; mov eax, [ebx + 0x4000]"
    finish
