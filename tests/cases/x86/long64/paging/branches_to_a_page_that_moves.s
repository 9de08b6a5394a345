# A jump, a call and a conditional jump lead to another page, which is mapped elsewhere once they have been there often
# enough to know the way.

.include "x86/long64/paging/paging.inc"
given rbx, 0
given rbp, window
given rcx, 0
expect rax, 0xfd8840fc039
expect rbx, 36*0xaa+12*0xcc
expect rcx, 0xaa
expect rdi, window+0x20
expect rflags, 0x46

.macro branch_often
    .rept 4
    .irp entry, 0, 0x10, 0x20
    lea rdi, [rbp + \entry]
    call rdi
    lea rbx, [rbx + rcx]
    .endr
    .endr
.endm

    watch_page_faults
    mov rax, 0x0ffbe9                           # jmp window+0x1000
    mov [window_page], rax
    mov rax, 0xc300000febe8                     # call window+0x1000; ret
    mov [window_page + 0x10], rax
    mov rax, 0xfd8840fc039                      # cmp eax, eax; je window+0x1000
    mov [window_page + 0x20], rax
    mov dword ptr [window_page + 0x1000], 0xc3aab1      # mov cl, 0xaa; ret
    mov dword ptr [window_page + 0x2000], 0xc3ccb1      # mov cl, 0xcc; ret
    branch_often
    branch_often
    mov qword ptr [window_pte + 8], window_page + 0x2000 + everyone
    invlpg [rbp + 0x1000]
    branch_often
    mov qword ptr [window_pte + 8], window_page + 0x1000 + everyone
    flush_translations
    branch_often
    finish
