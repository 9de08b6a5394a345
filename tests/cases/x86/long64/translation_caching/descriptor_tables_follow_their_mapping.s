# Descriptors are read through the mapping of the moment: a new page under the GDT counts after INVLPG, also for segment
# loads by programs (Intel SDM Vol. 3, 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rcx, split_selector
given rdx, window+0x1000
expect rax, 0xcff300
expect rsi, 0x8ff700

    watch_page_faults
    split_gdt
    mov dword ptr [window_page + 0x2000], 0xffff
    mov dword ptr [window_page + 0x2004], 0x008ff600
    user_allowed "mov ds, ecx; lar eax, ecx"
    mov dword ptr [window_pte + 8], window_page + 0x2000 + everyone
    invlpg [rdx]
    user_allowed "mov ds, ecx; lar esi, ecx"
    mov dword ptr [window_pte + 8], 0
    invlpg [rdx]
    user_refused 0, window+0x1000, "mov ds, ecx"
    finish
undefined CF|OF|SF|ZF|AF|PF
