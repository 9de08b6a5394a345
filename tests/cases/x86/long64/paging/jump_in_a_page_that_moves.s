# Code that has its own page mapped elsewhere, and then jumps within it, may go on in either page before INVLPG (Intel SDM
# Vol. 3, 4.10.2.3). When the first page runs at another address it has nothing to do with the second.

.include "x86/long64/paging/paging.inc"
given rdi, window
given rdx, window+0x1000
given rsi, window_page+0x2000+everyone
expect rax, 0x66
expect rcx, 0xaa
expect r8, window_pte

    watch_page_faults
    lea r8, [window_pte]
    .irp page, window_page, window_page + 0x2000        # Both have the same code in front of the jump.
    mov dword ptr [\page], 0xeb308949                   # mov [r8], rsi; jmp
    mov byte ptr [\page + 4], 0x0b                      # to
    .endr
    mov dword ptr [window_page + 0x10], 0xc3aab1        # mov cl, 0xaa; ret
    mov dword ptr [window_page + 0x2010], 0xc3bbb1      # mov cl, 0xbb; ret
    mov qword ptr [window_pte + 8], window_page + everyone
    flush_translations
    call rdi
    invlpg [rdi]
    mov ecx, 0
    call rdx
    mov eax, 0x66
    finish
