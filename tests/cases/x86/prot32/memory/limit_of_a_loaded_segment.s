# The limit of a segment holds from its load on (Intel SDM Vol. 3, 5.3), though the same access went through before it.

.include "x86/prot32/faults.inc"

descriptor low_bytes, 0x93, 0x8fff, 0, 4
faults general_protection, fault
given rsi, 0x9000
expect rax, low_bytes
expect rcx, 0
expect ds, low_bytes

    mov eax, low_bytes
    mov ecx, [esi]
    mov ds, eax
    mov cl, [esi - 1]
fault:
    mov ecx, [esi - 3]
    hlt
