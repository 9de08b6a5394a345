# An instruction across two pages follows the mapping of the second as well (Intel SDM Vol. 3, 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rbx, window+0xffd
expect rsi, 0x1111
expect rdi, 0x2222

    watch_page_faults
    mov dword ptr [window_page + 0xffc], 0xc0c74890     # NOP, and MOV RAX, imm32 ...
    mov dword ptr [window_page + 0x1000], 0x1111
    mov dword ptr [window_page + 0x2000], 0x2222
    mov byte ptr [window_page + 0x1004], 0xc3
    mov byte ptr [window_page + 0x2004], 0xc3
    call rbx
    mov esi, eax
    mov dword ptr [window_pte + 8], window_page + 0x2000 + everyone
    invlpg [rbx + 3]
    call rbx
    mov edi, eax
    mov byte ptr [window_pte + 8], 0
    invlpg [rbx + 3]
    refused by_fetch, window+0x1000, "call rbx"
    mov eax, 0
    finish
