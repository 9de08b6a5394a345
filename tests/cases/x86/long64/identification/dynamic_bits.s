# CPUID leaf 1 shows CR4.OSXSAVE as it is now, and no local APIC where none is enabled; AMD's leaf 80000001 repeats that (Intel
# SDM Vol. 2A, CPUID; Vol. 3, 10.4.3; AMD APM Vol. 3, appendix E).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp on, 1, 0, 1
    mov rax, cr4
    .if \on
    bts rax, 18
    .else
    btr rax, 18
    .endif
    mov cr4, rax
    mov eax, 1
    cpuid
    shr ecx, 27
    and ecx, 1
    must_equal ecx, \on
    and edx, 1 << 9
    must_equal edx, 0
    mov eax, 0x80000001
    cpuid
    and edx, 1 << 9
    must_equal edx, 0
    .endr
    finish
