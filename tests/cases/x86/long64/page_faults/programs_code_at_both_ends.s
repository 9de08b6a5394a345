# The same code, at both ends of programs' addresses and between them, finds what is beside it (Intel SDM Vol. 1, 3.5.1).

.include "x86/long64/page_faults/distant_stacks.inc"
.set rounds, 20
.set beside_code, 0x100000
.set lower, window+(9<<30)
expect rdi, 7*3*rounds*(3*rounds+1)/2

.macro calling
    mov ecx, rounds
.Lround\@:
    .irp place, lower, upper, user_alias
    mov rax, \place
    lea rdx, [rip + .Lfunction\@]
    mov ebx, edx
    add rax, rbx
    call rax
    .endr
    dec ecx
    jnz .Lround\@
    jmp .Lend\@
.Lfunction\@:
    inc qword ptr [rip + .Lfunction\@ + beside_code]
    mov rdx, [rip + .Lfunction\@ + beside_code]
    lea rdx, [rdx * 8]
    sub rdx, [rip + .Lfunction\@ + beside_code]
    add rdi, rdx
    ret
.Lend\@:
.endm

    watch_page_faults
    map_distant_stacks
    mov rax, [page_directory_pointers]
    mov [window_pdpte + 9 * 8], rax
    flush_translations
    user_allowed "calling"
    .irp register, rax, rcx, rdx, rbx
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
