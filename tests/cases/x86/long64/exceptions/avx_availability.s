# AVX instructions raise #UD unless CR4.OSXSAVE is set and XCR0 has both SSE and AVX; then CR0.TS raises #NM. CR0.EM and
# CR4.OSFXSR mean nothing to them (Intel SDM Vol. 2A, 2.4; Vol. 3, 2.5). XSAVE asks for OSXSAVE and TS, XGETBV for OSXSAVE alone.

.include "x86/long64/event_log.inc"

    .macro cr0_and_cr4 cr0_bits, cr4_bits
    mov eax, 0x80010033 | \cr0_bits
    mov cr0, rax
    mov eax, 0x20 | \cr4_bits
    mov cr4, rax
    .endm
    .set osfxsr, 0x200
    .set osxsave, 0x40000

    log_events invalid_opcode, device_not_available
    xor ecx, ecx
    xor edx, edx
    cr0_and_cr4 12, osfxsr|osxsave
    raises device_not_available, 0, vpxor ymm0, ymm0, [rbx]
    raises device_not_available, 0, vmovd ecx, xmm0
    raises device_not_available, 0, vzeroupper
    raises device_not_available, 0, xsave [rbx]
    raises device_not_available, 0, xrstor [rbx]
    xgetbv
    andn ecx, ecx, ecx                  # VEX, but of general registers.
    cr0_and_cr4 4, osxsave              # EM without TS.
    vpxor ymm0, ymm0, ymm0
    cr0_and_cr4 8, osxsave
    mov eax, 3                          # SSE alone.
    xsetbv
    raises invalid_opcode, 0, vpxor ymm0, ymm0, [rbx]
    raises invalid_opcode, 0, vpxor xmm0, xmm0, [rbx]
    mov eax, 7
    xsetbv
    cr0_and_cr4 8, osfxsr               # Without OSXSAVE.
    raises invalid_opcode, 0, vpxor ymm0, ymm0, [rbx]
    raises invalid_opcode, 0, xsave [rbx]
    raises invalid_opcode, 0, xgetbv
    andn ecx, ecx, ecx
    cr0_and_cr4 0, osfxsr|osxsave
    vpxor ymm0, ymm0, ymm0
    xgetbv

given rbx, 0x20000
expect rax, 7
expect cr4, 0x40220
undefined PF|AF|ZF
    all_logged
