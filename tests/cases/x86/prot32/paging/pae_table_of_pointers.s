# Under PAE CR3 points to 32 aligned bytes anywhere in the low 4 GiB, not to a page (Intel SDM Vol. 3, table 4-7); what
# its entries say counts from the next load of CR3 on.

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x30fe0

    watch_page_faults pae
    mov dword ptr [window_page], 0x1111
    mov dword ptr [window_page + 0x1000], 0x2222
    mov dword ptr [0x30fe0], page_directory_pae + present
    mov eax, 0x30fe0
    mov cr3, eax
    mov ecx, [ebx]
    mov dword ptr [0x24000], low_table + present + writable
    mov dword ptr [0x24010], 0x25000 + everyone
    mov dword ptr [0x25000], window_page + 0x1000 + everyone
    mov dword ptr [0x30fe0], 0x24000 + present
    mov cr3, eax
    mov edx, [ebx]
    mov esi, cr3
    mov eax, 0
    finish
