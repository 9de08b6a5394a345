# Registers that only one maker has: AMD's SYSCFG, HWCR, NB_CFG and DE_CFG, and Intel's IA32_PLATFORM_ID, IA32_MISC_ENABLE and
# IA32_ARCH_CAPABILITIES. The other's raise #GP(0) (Intel SDM Vol. 4; AMD APM Vol. 2, appendix A).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp number, 0xc0010010, 0xc0010015, 0xc001001f, 0xc0011029
    mov ecx, \number
    attempt_by_maker no_exception, protection, rdmsr
    attempt_by_maker no_exception, protection, wrmsr
    .endr
    .irp number, 0x17, 0x1a0, 0x10a
    mov ecx, \number
    attempt_by_maker protection, no_exception, rdmsr
    .endr
    mov eax, 0x1800                             # No BTS and no PEBS, which cannot be changed.
    xor edx, edx
    mov ecx, 0x1a0
    attempt_by_maker protection, no_exception, wrmsr
    finish
