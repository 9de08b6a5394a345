# RDMSR clears the upper halves of RAX and RDX; WRMSR takes the lower ones. IA32_STAR holds all 64 bits, IA32_SYSENTER_CS and
# IA32_FMASK 32 (Intel SDM Vol. 2B, RDMSR; Vol. 2D, WRMSR; Vol. 3, 5.8.7 and 5.8.8).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp number, 0xc0000081, 0xc0000084, 0x174
    mov ecx, \number
    mov rax, 0x1111111189abcdef
    mov rdx, 0x2222222200000000
    attempt no_exception, wrmsr
    mov rax, -1
    mov rdx, -1
    attempt no_exception, rdmsr
    must_equal rax, 0x89abcdef
    must_equal rdx, 0
    .endr
    mov ecx, 0xc0000081
    mov edx, 0xfedcba98
    attempt no_exception, wrmsr
    rdmsr
    must_equal rdx, 0xfedcba98
    finish
