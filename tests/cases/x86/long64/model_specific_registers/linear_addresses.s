# WRMSR of an address that is not canonical to IA32_FS_BASE, IA32_GS_BASE, IA32_KERNEL_GS_BASE, IA32_LSTAR and IA32_CSTAR
# raises #GP(0) and changes nothing (Intel SDM Vol. 2D, WRMSR; AMD APM Vol. 2, 5.3.1).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp number, 0xc0000100, 0xc0000101, 0xc0000102, 0xc0000082, 0xc0000083
    mov ecx, \number
    .irp upper, 0x00007fff, 0xffff8000
    mov eax, 0x89abcdef
    mov edx, \upper
    attempt no_exception, wrmsr
    xor eax, eax
    mov edx, 0x00008000
    attempt protection, wrmsr
    mov edx, 0xffff7fff
    attempt protection, wrmsr
    mov edx, 0x80000000
    attempt protection, wrmsr
    rdmsr
    must_equal rax, 0x89abcdef
    must_equal rdx, \upper
    .endr
    xor eax, eax
    xor edx, edx
    wrmsr
    .endr
    finish
