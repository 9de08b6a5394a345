# Beyond the highest leaf AMD's processors give zeros, Intel's repeat the highest basic leaf (Intel SDM Vol. 2A, CPUID; AMD APM
# Vol. 3, CPUID). So do those of a range that does not exist.

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    xor eax, eax
    cpuid
    mov r8d, eax
    mov r9d, ebx
    xor ecx, ecx
    cpuid                                       # The highest one, subleaf 0
    cmp byte ptr [attempts_is_amd], 0
    je expect_highest
    xor eax, eax
    xor ebx, ebx
    xor ecx, ecx
    xor edx, edx
expect_highest:
    mov r10d, eax
    mov r11d, ebx
    mov r12d, ecx
    mov r13d, edx
    lea r14d, [r8 + 1]
    .irp leaf, r14d, 0x00ffffff, 0x3fffffff, 0x80000100, 0x8fffffff, 0xc0000000, 0xffffffff
    mov eax, \leaf
    xor ecx, ecx
    cpuid
    xor eax, r10d
    xor ebx, r11d
    xor ecx, r12d
    xor edx, r13d
    or eax, ebx
    or eax, ecx
    or eax, edx
    must_equal eax, 0
    .endr
    finish
