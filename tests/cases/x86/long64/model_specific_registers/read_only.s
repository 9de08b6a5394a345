# What tells of the processor cannot be written: IA32_MTRRCAP, IA32_MCG_CAP, and on Intel's IA32_PLATFORM_ID and
# IA32_ARCH_CAPABILITIES, not even with the value that they have (Intel SDM Vol. 4).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp number, 0xfe, 0x179
    mov ecx, \number
    attempt no_exception, rdmsr
    attempt protection, wrmsr
    .endr
    .irp number, 0x17, 0x10a
    mov ecx, \number
    attempt protection, wrmsr
    .endr
    finish
