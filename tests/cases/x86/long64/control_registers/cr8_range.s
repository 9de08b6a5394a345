# CR8 has four bits: any other raises #GP(0) (Intel SDM Vol. 2B, MOV—Move to/from Control Registers; Vol. 3, 10.8.6.1). It
# needs REX.R; with CR0 and LOCK instead, AMD's other way in, there is nothing unless CPUID shows it.

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp value, 0, 15
    mov eax, \value
    attempt no_exception, mov cr8, rax
    .endr
    .irp bit, 4, 5, 31, 32, 63
    mov eax, 1
    rol rax, \bit
    attempt protection, mov cr8, rax
    .endr
    mov eax, 0
    attempt no_exception, mov cr8, rax
    mov eax, 0x80000001
    cpuid
    bt ecx, 4                                   # AltMovCr8
    jc alternative_exists
    attempt illegal, .byte 0xf0, 0x0f, 0x20, 0xc0
    attempt illegal, .byte 0xf0, 0x0f, 0x22, 0xc0
alternative_exists:
    finish
