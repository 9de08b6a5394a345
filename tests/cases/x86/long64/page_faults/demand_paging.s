# A handler that maps the missing page and returns makes a program run as if the page had been there: string
# instructions go on, and operands and instructions across pages are tried again (Intel SDM Vol. 3, 6.5).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect rcx, 0x4142434441424344
expect rdx, 5                                   # Pages that were missing.
expect rsi, 0x44
expect_memory window_page+0xff8, 16, 0x4142434441424344, 0x4142434441424344

    watch_page_faults
    gate page_fault, on_page_fault
    mov edx, 0
    .irp page, 0, 1, 2, 3
    mov byte ptr [window_pte + \page * 8], 0
    .endr
    flush_translations
    mov rdi, rbx
    mov rax, 0x4142434441424344
    mov ecx, 0x3000 / 8
    rep stosq
    mov rcx, [rbx + 0xffc]
    # MOV ESI, 0x44 and RET, across pages 2 and 3.
    mov word ptr [rbx + 0x2ffe], 0x44be
    mov dword ptr [window_page + 0x3000], 0xc3000000
    mov byte ptr [window_pte + 16], 0
    invlpg [rbx + 0x2000]
    lea rax, [rbx + 0x2ffe]
    call rax
    mov eax, 0
    mov edi, 0
    finish
on_page_fault:
    pushfq
    push rcx
    mov rcx, cr2
    and ecx, 0x3000
    shr ecx, 9
    mov byte ptr [window_pte + rcx], everyone
    inc edx
    pop rcx
    popfq
    lea rsp, [rsp + 8]
    iretq
