# An instruction whose second page is mapped elsewhere is another instruction, once INVLPG or a load of CR3 has dropped the
# translation of that page (Intel SDM Vol. 3, 4.10.4). So is one that is reached by a jump within its first page.

.include "x86/long64/paging/paging.inc"
given rdi, window+0xff0
expect rax, 0x11111111
expect rbx, 0x22222211
expect rcx, 0x33333311
expect rdx, 0x11111111
expect rsi, 0x44111111

    watch_page_faults
    mov word ptr [window_page + 0xff0], 0x0ceb  # jmp to the last two bytes of the page:
    mov word ptr [window_page + 0xffe], 0x11b8  # mov eax, imm32; ret
    mov dword ptr [window_page + 0x1000], 0xc3111111
    mov dword ptr [window_page + 0x2000], 0xc3222222
    mov dword ptr [window_page + 0x3000], 0xc3333333
    .rept 6                                     # Often enough to be translated.
    call rdi
    .endr
    mov edx, eax
    mov qword ptr [window_pte + 8], window_page + 0x2000 + everyone
    invlpg [rdi + 0x10]
    .rept 6
    call rdi
    .endr
    mov ebx, eax
    mov qword ptr [window_pte + 8], window_page + 0x3000 + everyone
    flush_translations
    call rdi
    mov ecx, eax
    mov qword ptr [window_pte + 8], window_page + 0x1000 + everyone
    flush_translations
    call rdi
    push rax
    mov byte ptr [window_page + 0x1002], 0x44   # By another mapping of the page.
    call rdi
    mov esi, eax
    pop rax
    finish
