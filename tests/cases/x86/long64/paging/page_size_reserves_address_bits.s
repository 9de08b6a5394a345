# Bits 20:13 of an entry for a 2 MiB page and 29:13 of one for a 1 GiB page are reserved (Intel SDM Vol. 3, tables 4-16
# and 4-18).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov dword ptr [window_pde], everyone|large_page
    .irp bit, 13, 14, 15, 16, 17, 18, 19, 20
    mov dword ptr [window_pde], everyone|large_page|1<<\bit
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    .endr
    .irp bit, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    mov dword ptr [window_pdpte], everyone|large_page|1<<\bit
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    .endr
    finish
