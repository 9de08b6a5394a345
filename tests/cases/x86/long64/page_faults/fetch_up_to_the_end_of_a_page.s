# The last instruction of a page does not need the next page; only what follows it does (Intel SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window+0xff9
expect rsi, 0x7fffffff

    watch_page_faults
    mov dword ptr [window_page + 0xff8], 0xc6c74890     # NOP, and MOV RSI, 0x7fffffff up to the end.
    mov dword ptr [window_page + 0xffc], 0x7fffffff
    mov byte ptr [window_pte + 8], 0
    flush_translations
    refused by_fetch, window+0x1000, "jmp rbx"
    restarts window+0x1000, 0x1f0000
    finish
