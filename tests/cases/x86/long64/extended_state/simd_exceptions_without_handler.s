# An unmasked SIMD floating-point exception is #XM where CR4.OSXMMEXCPT is set, and #UD where it is not (Intel SDM Vol. 3, 2.5).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    xorps xmm0, xmm0
    ldmxcsr [unmasked]
    attempt simd_error, divss xmm0, xmm0
    attempt simd_error, vdivss xmm0, xmm0, xmm0
    mov rbx, cr4
    btr rbx, 10
    mov cr4, rbx
    ldmxcsr [unmasked]
    attempt illegal, divss xmm0, xmm0
    attempt illegal, vdivss xmm0, xmm0, xmm0
    bts rbx, 10
    mov cr4, rbx
    ldmxcsr [masked]
    finish
unmasked:
    .long 0
masked:
    .long 0x1f80
