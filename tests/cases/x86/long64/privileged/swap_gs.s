# SWAPGS exchanges the base of GS with IA32_KERNEL_GS_BASE, in 64-bit mode at level 0 alone: compatibility mode has no such
# instruction at any level (#UD), the other levels of 64-bit mode get #GP(0) (Intel SDM Vol. 2B, SWAPGS).

.include "x86/long64/privileged/attempts.inc"

given gs_base, 0x1111
given kernel_gs_base, 0xffff800000002222
expect kernel_gs_base, 0xffff800000002222

.macro bases_are gs, kernel
    mov ecx, 0xc0000101
    rdmsr
    shl rdx, 32
    or rax, rdx
    must_equal rax, \gs
    mov ecx, 0xc0000102
    rdmsr
    shl rdx, 32
    or rax, rdx
    must_equal rax, \kernel
.endm

    catch_exceptions
    bases_are 0x1111, 0xffff800000002222
    attempt no_exception, swapgs
    bases_are 0xffff800000002222, 0x1111
    enter_level 0, code=kernel_code32
    .code32
    attempt illegal, .byte 0x0f, 0x01, 0xf8
    leave_level
    .code64
    attempt no_exception, swapgs
    bases_are 0x1111, 0xffff800000002222
    .irp level, 1, 2, 3
    enter_level \level
    attempt protection, swapgs
    leave_level
    .endr
    finish
