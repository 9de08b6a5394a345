# MTRRs hold memory types 0, 1, 4, 5 and 6: fixed ones in each byte, variable ones and the default in the lowest, and no
# reserved bit, or #GP(0). IA32_MTRRCAP says how many variable ones there are (Intel SDM Vol. 3, 11.11.1 and 11.11.2).

.include "x86/long64/privileged/attempts.inc"

# Writes HIGH:LOW.
.macro written number, expected, low, high=0
    mov ecx, \number
    mov eax, \low
    mov edx, \high
    attempt \expected, wrmsr
.endm

    catch_exceptions
    .irp fixed, 0x250, 0x258, 0x259, 0x268, 0x269, 0x26a, 0x26b, 0x26c, 0x26d, 0x26e, 0x26f
    written \fixed, no_exception, 0x06050401, 0x00010406
    rdmsr
    must_equal rax, 0x06050401
    must_equal rdx, 0x00010406
    .irp type, 2, 3, 7, 8, 0x10, 0xff
    written \fixed, protection, \type
    written \fixed, protection, 0, \type << 24
    .endr
    .endr
    .irp type, 0, 1, 4, 5, 6
    written 0x2ff, no_exception, 0xc00 + \type
    written 0x206, no_exception, 0x12345000 + \type, 0xf
    .endr
    .irp type, 2, 3, 7
    written 0x2ff, protection, 0xc00 + \type
    written 0x206, protection, 0x12345000 + \type, 0xf
    .endr
    .irp bit, 8, 9, 12, 31
    written 0x2ff, protection, 1 << \bit
    .endr
    written 0x2ff, protection, 0, 1
    .irp bit, 8, 11
    written 0x206, protection, 1 << \bit
    .endr
    .irp bit, 0, 7, 10
    written 0x207, protection, 1 << \bit
    .endr
    written 0x207, no_exception, 0xfffff800, 0xf
    written 0x207, protection, 0, 1 << 31

    mov ecx, 0xfe
    rdmsr
    must_equal rdx, 0
    movzx esi, al
    shl esi, 1
    mov edi, 0x200
next_variable:
    mov ecx, edi
    attempt no_exception, rdmsr
    inc edi
    dec esi
    jnz next_variable
    mov ecx, edi
    attempt protection, rdmsr
    finish
