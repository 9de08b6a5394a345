# SSE instructions raise #UD with CR0.EM set or CR4.OSFXSR clear, and otherwise #NM with CR0.TS set; MMX the same but for OSFXSR.
# FXSAVE and FXRSTOR raise #NM for either bit, and need no OSFXSR (Intel SDM Vol. 3, table 2-2 and 9.6; Vol. 2A, FXSAVE).

.include "x86/long64/event_log.inc"

    .macro results sse, mmx, fxsave
    result \sse, movaps xmm0, xmm1
    result \sse, addps xmm0, [rbx]
    result \sse, cvtsi2sd xmm0, ecx
    result \sse, ldmxcsr [rbx + 24]
    result \sse, stmxcsr [rbx + 24]
    result \mmx, paddb mm0, mm1
    result \mmx, emms
    result \fxsave, fxsave [rbx]
    result \fxsave, fxrstor [rbx]
    .endm
    .macro result vector, instruction:vararg
    .ifc \vector, none
    \instruction
    .else
    raises \vector, 0, \instruction
    .endif
    .endm
    .macro with_cr0 bits
    mov rax, 0x80010033 | \bits
    mov cr0, rax
    .endm

    log_events invalid_opcode, device_not_available
    fxsave [rbx]
    with_cr0 8
    results device_not_available, device_not_available, device_not_available
    with_cr0 4
    results invalid_opcode, invalid_opcode, device_not_available
    with_cr0 12
    results invalid_opcode, invalid_opcode, device_not_available
    mov eax, 0x40420                    # Without OSFXSR.
    mov cr4, rax
    with_cr0 8
    results invalid_opcode, device_not_available, device_not_available
    with_cr0 0
    results invalid_opcode, none, none
    mov eax, 0x40620
    mov cr4, rax
    results none, none, none

given rbx, 0x20000
expect rax, 0x40620
    all_logged
