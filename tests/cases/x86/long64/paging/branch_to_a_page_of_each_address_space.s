# Code that is mapped in two address spaces leads to a page that is not the same in them. With process-context
# identifiers, both mappings hold all the time.

.include "x86/long64/paging/paging.inc"
given rbx, 0
given rcx, 0
given rdx, 0
given rdi, window
expect rax, 0x0ffbe9
expect rbx, 16*0xaa
expect rcx, 0xcc
expect rdx, 16*0xcc

    watch_page_faults
    turn_on cr4, 17                             # CR4.PCIDE
    mov rax, 0x0ffbe9                           # jmp to the next page
    mov [window_page], rax
    mov dword ptr [window_page + 0x1000], 0xc3aab1      # mov cl, 0xaa; ret
    mov dword ptr [window_page + 0x2000], 0xc3ccb1      # mov cl, 0xcc; ret
    .rept 4
    mov qword ptr [window_pte + 8], window_page + 0x1000 + everyone
    flush_translations
    .rept 4
    call rdi
    lea rbx, [rbx + rcx]
    .endr
    mov qword ptr [window_pte + 8], window_page + 0x2000 + everyone
    switch_pcid 1
    flush_translations
    .rept 4
    call rdi
    lea rdx, [rdx + rcx]
    .endr
    switch_pcid 0
    .endr
    finish
