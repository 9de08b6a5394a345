# MOV to CR3 of another PML4 changes the whole address space at once, and back (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r8, 0x1111
given r9, 0x2222
given r10, 0x24000
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x1111

    watch_page_faults
    mov [window_page], r8
    mov [0x28000 + 0x80000], r9
    mov qword ptr [0x24000], page_directory_pointers + everyone
    mov qword ptr [0x24008], 0x25000 + everyone
    mov qword ptr [0x25000], 0x26000 + everyone
    mov qword ptr [0x26000], everyone|large_page
    mov rcx, [rbx]
    mov rax, cr3
    mov cr3, r10
    mov rdx, [rbx + 0xa8000]
    refused by_write, window+0x200000, "mov [rbx + 0x200000], rdx"
    mov cr3, rax
    mov rsi, [rbx]
    refused 0, window+0xa8000, "mov rdx, [rbx + 0xa8000]"
    mov eax, 0
    finish
