# A quotient that does not fit raises #DE: the most negative number divided by -1.

given rcx, -1
faults divide_error, fault
expect rax, 0x80000000
expect rdx, 0xffffffff
expect retired, 2

    mov eax, 0x80000000
    cdq
fault:
    idiv ecx
    hlt
