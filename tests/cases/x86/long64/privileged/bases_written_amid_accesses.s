# Accesses go by a base that WRFSBASE or WRGSBASE has written from the next instruction on, in whatever register it was; the
# instructions leave the flags alone (Intel SDM Vol. 2D, WRFSBASE/WRGSBASE; Vol. 2B, RDFSBASE/RDGSBASE).

.include "x86/long64/privileged/attempts.inc"

given cr4, 0x50620
given fs_base, 0x20000
given gs_base, 0x20000
expect cr4, 0x50620

    catch_exceptions
    mov qword ptr [0x20008], 0x1111
    mov qword ptr [0x20208], 0x3333
    mov edi, 0x20200
    mov r15, 0x0000700000000000
    mov ah, 0xd7
    sahf
    mov rax, gs:[8]
    rdgsbase r11
    wrgsbase r15
    rdgsbase r14
    attempt page_fault, mov rbx, gs:[8]
    mov rcx, fs:[8]
    wrfsbase r15
    attempt page_fault, mov rdx, fs:[8]
    wrfsbase rdi
    wrgsbase rdi
    mov rdx, fs:[8]
    mov r10, rax
    lahf
    movzx esi, ah
    must_equal rsi, 0xd7
    must_equal r10, 0x1111
    must_equal rcx, 0x1111
    must_equal rdx, 0x3333
    must_equal r11, 0x20000
    must_equal r14, 0x0000700000000000
    finish
