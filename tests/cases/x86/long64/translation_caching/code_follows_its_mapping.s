# After an entry was pointed to another page, and the old translation invalidated, the code there runs, though what was
# at the same address has run before; and back (Intel SDM Vol. 3, 4.10.4.2 and 8.1.3).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect rdx, 0x10101

    watch_page_faults
    mov dword ptr [window_page], 0xc3c2ff       # INC EDX; RET
    mov dword ptr [window_page + 0x1000], 0x0100c281    # ADD EDX, 0x100; RET
    mov dword ptr [window_page + 0x1004], 0xc30000
    mov edx, 0x10000
    .irp invalidation, "invlpg [rbx]", "flush_translations"
    mov dword ptr [window_pte], window_page + everyone
    \invalidation
    call rbx
    mov dword ptr [window_pte], window_page + 0x1000 + everyone
    \invalidation
    call rbx
    .endr
    sub edx, 0x101
    finish
undefined CF|OF|SF|ZF|AF|PF
