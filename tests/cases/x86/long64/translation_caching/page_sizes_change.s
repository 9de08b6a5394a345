# 512 pages become one of 2 MiB, and that 512 again: after an invalidation of each address accesses go where the new
# entries say (Intel SDM Vol. 3, 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r8, 0x1111
given r9, 0x2222
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x1111
expect rdi, 0

    watch_page_faults
    mov [window_page], r8
    mov [0x80000], r9
    mov rcx, [rbx]
    mov qword ptr [window_pde], everyone|large_page
    invlpg [rbx]
    mov rdx, [rbx + 0x80000]
    mov rdi, [rbx + 0x81000]
    mov qword ptr [window_pde], window_pte + everyone
    invlpg [rbx]
    mov rsi, [rbx]
    refused 0, window+0x80000, "mov rdx, [rbx + 0x80000]"
    refused by_write, window+0x81000, "mov [rbx + 0x81000], rdx"
    finish
