# P clear at any level: an error code without P, that still tells who tried what (Intel SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x123

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    mov byte ptr [\entry], everyone&~present
    flush_translations
    refused 0, window+0x123, "mov cl, [rbx]"
    refused by_write, window+0x123, "mov [rbx], cl"
    refused by_fetch, window+0x123, "jmp rbx"
    user_refused by_user, window+0x123, "mov cl, [rbx]"
    user_refused by_user|by_write, window+0x123, "mov [rbx], cl"
    user_refused by_user|by_fetch, window+0x123, "jmp rbx"
    mov byte ptr [\entry], everyone
    .endr
    flush_translations
    allowed "mov [rbx], cl"
    finish
