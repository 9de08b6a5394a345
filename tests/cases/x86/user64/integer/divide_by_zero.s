# DIV by zero raises #DE and changes nothing (Intel SDM Vol. 3, 6.15, interrupt 0).

given rax, 5
given rdx, 6
faults divide_error, fault
expect rcx, 0
expect retired, 1

    xor ecx, ecx
fault:
    div rcx
    hlt

expect rflags, ZF|PF
undefined AF
