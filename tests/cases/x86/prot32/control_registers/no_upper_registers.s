# Outside of 64-bit mode MOV moves 32 bits of control registers, CR8 cannot be named (LOCK, AMD's way, apart), and the
# numbers that do not exist raise #UD (Intel SDM Vol. 2B, MOV—Move to/from Control Registers).

.include "x86/prot32/privileged/attempts.inc"

    catch_exceptions
    .irp number, 1, 5, 6, 7
    attempt illegal, .byte 0x0f, 0x20, 0xc0 + \number * 8
    attempt illegal, .byte 0x0f, 0x22, 0xc0 + \number * 8
    .endr
    mov eax, cr4
    .byte 0x66, 0x0f, 0x20, 0xe3                # mov ebx, cr4 in spite of the prefix
    must_equal ebx, 0x40620
    .irp bit, 12, 13, 14, 15, 19, 31
    mov eax, 0x40620
    bts eax, \bit
    attempt protection, mov cr4, eax
    .endr
    .irp bits, 0x80010032, 0x20010033
    mov eax, \bits
    attempt protection, mov cr0, eax
    .endr
    mov eax, 0x55555555
    attempt no_exception, mov cr2, eax
    mov ebx, cr2
    must_equal ebx, 0x55555555
    xor eax, eax
    mov cr2, eax
    finish
