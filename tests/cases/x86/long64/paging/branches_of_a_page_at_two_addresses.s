# The same code runs at two addresses, and what follows it there is not the same.

.include "x86/long64/paging/paging.inc"
given rbx, 0
given rdx, 0
given rcx, 0
given rdi, window
given rbp, window+0x2000
expect rax, 0x0ffbe9
expect rbx, 16*0xaa
expect rcx, 0xcc
expect rdx, 8*0xcc

    watch_page_faults
    mov qword ptr [window_pte + 16], window_page + everyone
    flush_translations
    mov rax, 0x0ffbe9                           # jmp to the next page
    mov [window_page], rax
    mov dword ptr [window_page + 0x1000], 0xc3aab1      # mov cl, 0xaa; ret
    mov dword ptr [window_page + 0x3000], 0xc3ccb1      # mov cl, 0xcc; ret
    .rept 12
    call rdi
    lea rbx, [rbx + rcx]
    .endr
    .rept 4
    call rbp
    lea rdx, [rdx + rcx]
    .endr
    .rept 4
    call rdi
    lea rbx, [rbx + rcx]
    call rbp
    lea rdx, [rdx + rcx]
    .endr
    finish
