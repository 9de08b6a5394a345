# An unmasked SIMD exception is #XM with CR4.OSXMMEXCPT set and #UD with it clear. Both leave the flag in MXCSR and the
# destination alone (Intel SDM Vol. 1, 11.5.1; Vol. 3, interrupt 19).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode, simd_error
    raises simd_error, 0, divps xmm0, xmm1
    stmxcsr [rbx]
    ldmxcsr [rip + unmasked]
    mov eax, 0x40220
    mov cr4, rax
    raises invalid_opcode, 0, divps xmm0, xmm1
    stmxcsr [rbx + 4]
    raises invalid_opcode, 0, vdivps ymm0, ymm0, ymm1

given rbx, 0x20000
given mxcsr, 0x1d80
given ymm0, 0x3f800000, 7
expect ymm0, 0x3f800000, 7
expect rax, 0x40220
expect cr4, 0x40220
expect mxcsr, 0x1d85
expect_memory 0x20000, 8, 0x00001d8500001d85
    all_logged
unmasked:
    .long 0x1d80
