# After an entry was pointed to another page, INVLPG makes reads, writes and string instructions go there (Intel SDM
# Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r8, 0x1111
given r9, 0x2222
expect rcx, 0x1111
expect rdx, 0x2222
expect_memory window_page+0x2010, 8, 0
expect_memory window_page+0x1010, 8, window
expect_memory window_page+0x1100, 8, -1

    watch_page_faults
    mov [window_page + 0x2000], r8
    mov [window_page + 0x1000], r9
    mov dword ptr [window_pte], window_page + 0x2000 + everyone
    invlpg [rbx]
    mov [rbx + 8], rbx
    mov rcx, [rbx]
    mov dword ptr [window_pte], window_page + 0x1000 + everyone
    invlpg [rbx + 0xfff]
    mov rdx, [rbx]
    mov [rbx + 0x10], rbx
    lea rdi, [rbx + 0x100]
    mov rax, -1
    push rcx
    mov ecx, 8
    rep stosb
    pop rcx
    mov edi, 0
    mov eax, 0
    finish
