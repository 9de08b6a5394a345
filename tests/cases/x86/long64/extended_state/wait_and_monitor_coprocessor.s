# WAIT raises #NM only when both CR0.MP and CR0.TS are set, whatever EM says (Intel SDM Vol. 2D, WAIT; Vol. 3, 2.5).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp bits, 0x0, 0x2, 0x4, 0x6, 0x8, 0xc     # MP is 2, EM 4, TS 8.
    mov eax, 0x80010031 + \bits
    mov cr0, rax
    attempt no_exception, fwait
    .endr
    .irp bits, 0xa, 0xe
    mov eax, 0x80010031 + \bits
    mov cr0, rax
    attempt device_not_available, fwait
    .endr
    mov eax, 0x80010033
    mov cr0, rax
    finish
