# CPUID leaf 0xD: EBX is the size for the components that XCR0 has now, ECX that for all; XSETBV accepts what EAX shows; AVX's
# place and size add up to it. Subleaves of components that do not exist are zeros (Intel SDM Vol. 1, 13.2; Vol. 2A, CPUID).

.include "x86/long64/privileged/attempts.inc"

.macro set_xcr0 value
    xor ecx, ecx
    xor edx, edx
    mov eax, \value
    xsetbv
.endm

.macro ask leaf
    mov eax, 0xd
    mov ecx, \leaf
    cpuid
.endm

    catch_exceptions
    ask 0
    must_equal eax, 7
    must_equal edx, 0
    must_equal ebx, (512 + 64 + 256)
    must_equal ecx, (512 + 64 + 256)
    .irp value, 1, 3
    set_xcr0 \value
    ask 0
    must_equal ebx, (512 + 64)
    must_equal ecx, (512 + 64 + 256)
    ask 1
    must_equal ebx, (512 + 64)
    .endr
    set_xcr0 7
    ask 1
    must_equal ebx, (512 + 64 + 256)            # No gaps in the compacted form either
    must_equal ecx, 0                           # No supervisor state
    must_equal edx, 0
    and eax, 8                                  # No XSAVES
    must_equal eax, 0
    ask 2
    must_equal eax, 256
    must_equal ebx, (512 + 64)
    must_equal ecx, 0
    must_equal edx, 0
    .irp subleaf, 3, 4, 5, 9, 11, 62, 63, 64
    ask \subleaf
    or eax, ebx
    or eax, ecx
    or eax, edx
    must_equal eax, 0
    .endr
    finish
