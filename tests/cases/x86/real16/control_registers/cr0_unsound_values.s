# Paging needs protection, and NW needs CD, in real mode too: #GP. Reserved bits of CR0 are ignored there as elsewhere, and ET
# stays (Intel SDM Vol. 2B, MOV—Move to/from Control Registers).

.include "x86/real16/privileged/attempts.inc"

    catch_exceptions
    mov ebx, cr0
    .irp bits, 0x80000010, 0xe0000010, 0x20000010
    mov eax, \bits
    attempt protection, mov cr0, eax
    mov ecx, cr0
    must_equal ecx, 0x60000010
    .endr
    mov eax, 0x7fffffee
    attempt no_exception, mov cr0, eax
    mov ecx, cr0
    must_equal ecx, 0x6005003e
    attempt no_exception, mov cr0, ebx
    finish
