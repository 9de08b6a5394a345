# VEX instructions on vectors raise #UD without CR4.OSXSAVE, or when XCR0 lacks SSE or AVX; those on general registers need
# neither (Intel SDM Vol. 2A, 2.4 and table 2-29). SSE needs nothing of XCR0.

.include "x86/long64/privileged/attempts.inc"

.macro set_xcr0 value
    xor ecx, ecx
    xor edx, edx
    mov eax, \value
    xsetbv
.endm

.macro try expected
    attempt \expected, vpaddd xmm0, xmm0, xmm1
    attempt \expected, vaddps ymm0, ymm0, ymm1
    attempt \expected, vzeroupper
    attempt \expected, vmovd xmm0, eax
    attempt no_exception, paddd xmm0, xmm1
    attempt no_exception, andn eax, eax, eax
.endm

    catch_exceptions
    try no_exception
    set_xcr0 3
    try illegal
    set_xcr0 1
    try illegal
    set_xcr0 7
    mov rbx, cr4
    btr rbx, 18
    mov cr4, rbx
    try illegal
    bts rbx, 18
    mov cr4, rbx
    try no_exception
    vzeroall
    finish
