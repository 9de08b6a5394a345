# Bits 62:52 and those beyond MAXPHYADDR are reserved in PAE's directory and table entries, and 20:13 in one that maps 2
# MiB (Intel SDM Vol. 3, tables 4-9 to 4-11).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults pae
    .irp entry, window_pde, window_pte
    .irp bit, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    mov dword ptr [\entry + 4], 1 << \bit
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov cl, [ebx]"
    .endr
    mov dword ptr [\entry + 4], 0
    .endr
    .irp bit, 13, 14, 15, 16, 17, 18, 19, 20
    mov dword ptr [window_pde], everyone|large_page|1<<\bit
    flush_translations
    user_refused for_protection|for_reserved_bit|by_user|by_write, window, "mov [ebx], cl"
    .endr
    mov dword ptr [window_pde], everyone|large_page|1<<12
    flush_translations
    user_allowed "mov [ebx], cl"
    finish
