# An unmasked x87 exception is raised by the next waiting instruction, not by the one that made it (Intel SDM Vol. 1, 8.6).

given fcw, 0x37b               # division by zero unmasked
faults x87_error, fault
expect rax, 1
expect fsw, 0xb084
expect ftw, 0xc0
expect st0, 0, 0
expect st1, 0x8000000000000000, 0x3fff

    fld1
    fldz
    fdivr st, st(1)
    mov eax, 1
fault:
    fwait
    hlt
