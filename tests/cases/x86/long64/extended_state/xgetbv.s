# XGETBV works at every level with CR4.OSXSAVE, else it raises #UD. ECX 0 gives XCR0, 1 its components in use where CPUID shows
# that, others raise #GP(0). It clears the upper halves of RAX and RDX (Intel SDM Vol. 2D, XGETBV).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp level, 0, 1, 2, 3
    enter_level \level
    xor ecx, ecx
    mov rax, -1
    mov rdx, -1
    attempt no_exception, xgetbv
    must_equal rax, 7
    must_equal rdx, 0
    .irp number, 2, 3, 0x80000000, 0xffffffff
    mov ecx, \number
    attempt protection, xgetbv
    .endr
    .irp prefix, 0x66, 0xf2, 0xf3, 0xf0
    attempt illegal, .byte \prefix, 0x0f, 0x01, 0xd0
    .endr
    leave_level
    .endr
    mov ecx, 1
    vzeroall
    attempt no_exception, xgetbv
    must_equal rax, 0
    pcmpeqd xmm15, xmm15
    attempt no_exception, xgetbv
    must_equal rax, 2
    vzeroall
    fldz
    attempt no_exception, xgetbv
    must_equal rax, 1
    fninit

    mov rax, cr4
    btr rax, 18
    mov cr4, rax
    .irp level, 0, 3
    enter_level \level
    attempt illegal, xgetbv
    leave_level
    .endr
    bts rax, 18
    mov cr4, rax
    finish
