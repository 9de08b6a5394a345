# What CR0.EM, CR0.TS and CR4.OSFXSR do to x87, MMX, SSE and AVX instructions (Intel SDM Vol. 3, 13.1.4 and table 13-1; Vol. 3,
# 2.5; AVX: Vol. 2A, 2.4): EM makes #NM of x87, #UD of MMX and SSE, nothing of AVX; TS makes #NM of all; without OSFXSR SSE is
# undefined. #UD comes before #NM.

.include "x86/long64/privileged/attempts.inc"

.set EM, 4
.set TS, 8
.set OSFXSR, 1 << 9

.macro try x87, mmx, sse, avx
    attempt \x87, fld1
    attempt \x87, fnstcw [0x20000]
    attempt \mmx, paddd mm0, mm1
    attempt \mmx, emms
    attempt \sse, addps xmm0, xmm1
    attempt \sse, paddd xmm0, xmm1
    attempt \sse, ldmxcsr [mxcsr]
    attempt \avx, vaddps ymm0, ymm0, ymm1
    attempt \avx, vldmxcsr [mxcsr]
    attempt no_exception, prefetchnta [0x20000]
    attempt no_exception, sfence
    attempt no_exception, movnti [0x20000], eax
.endm

.macro set_cr0 value
    mov eax, 0x80010033 | (\value)
    mov cr0, rax
.endm

    catch_exceptions
    try no_exception, no_exception, no_exception, no_exception
    set_cr0 TS
    try device_not_available, device_not_available, device_not_available, device_not_available
    set_cr0 EM
    try device_not_available, illegal, illegal, no_exception
    set_cr0 EM+TS
    try device_not_available, illegal, illegal, device_not_available
    mov rbx, cr4
    mov rcx, rbx
    btr rcx, 9
    mov cr4, rcx
    set_cr0 0
    try no_exception, no_exception, illegal, no_exception
    set_cr0 TS
    try device_not_available, device_not_available, illegal, device_not_available
    mov cr4, rbx
    set_cr0 0
    fninit
    vzeroall
    finish
mxcsr:
    .long 0x1f80
