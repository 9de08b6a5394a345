# The same code runs at two addresses in turn, entered by calls and returns through registers and memory, and tells each
# time at which one it is.

.include "x86/long64/paging/paging.inc"
.set rounds, 100
given rdi, window
given rbp, window+0x2000
expect rbx, rounds*3*window
expect rdx, rounds*3*(window+0x2000)
expect rsi, rounds*2

    watch_page_faults
    mov qword ptr [window_pte + 16], window_page + everyone
    flush_translations
    push rdi
    lea rsi, [rip + .Ltells]
    mov edi, window_page
    mov ecx, 16
    rep movsb
    pop rdi
    mov esi, 0
    mov ecx, rounds
    mov [resume_address], rdi
.Lround:
    call rdi
    add rbx, rax
    call rbp
    add rdx, rax
    call [resume_address]
    add rbx, rax
    call rbp
    add rdx, rax
    call rbp
    add rdx, rax
    call rdi
    add rbx, rax
    add esi, 2
    dec ecx
    jnz .Lround
    mov eax, 0
    finish

# Its own address, by way of a return to its own page.
.Ltells:
    call .Lreturns
    jmp .Lback
.Lreturns:
    lea rax, [rip + .Ltells]
    ret
.Lback:
    ret
undefined CF|PF|AF|ZF|SF|OF
