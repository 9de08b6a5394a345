# INVLPG also drops what is cached of upper levels, whatever the address: a table that an upper entry now points to is
# used for all its addresses of which nothing else was cached (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r8, 0x1111
expect rcx, 0x1111

    watch_page_faults
    mov [window_page + 0x1000], r8
    mov qword ptr [0x24008], window_page + 0x1000 + everyone   # Entry 1 of another page table.
    mov qword ptr [window_pte + 8], 0
    flush_translations
    mov rcx, [rbx]
    mov dword ptr [window_pde], 0x24000 + everyone
    invlpg [rbx]
    mov rcx, [rbx + 0x1000]
    finish
