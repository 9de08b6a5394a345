# Of an entry that is not present and one with a reserved bit, that of the higher level decides the error code (Intel
# SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp lower, window_pdpte, window_pde, window_pte
    mov byte ptr [window_pml4e + 6], 0x08       # Bit 51 is beyond MAXPHYADDR.
    mov byte ptr [\lower], 0
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rcx, [rbx]"
    mov byte ptr [window_pml4e + 6], 0
    mov byte ptr [window_pml4e], 0
    mov byte ptr [\lower], everyone
    mov byte ptr [\lower + 6], 0x08
    flush_translations
    refused 0, window, "mov rcx, [rbx]"
    mov byte ptr [\lower + 6], 0
    mov byte ptr [window_pml4e], everyone
    .endr
    flush_translations
    allowed "mov [rbx], rcx"
    finish
