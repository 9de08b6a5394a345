# SS.B chooses between SP and ESP: with B clear a push wraps at 64 KiB and leaves the upper half of ESP alone, also
# for operands of 32 bits (Intel SDM Vol. 1, 6.2.3; Vol. 3, 3.4.5).

.include "x86/prot32/faults.inc"

descriptor stack16, 0x93, 0xffff, 0x40000, 0
expect rsp, 0x1234fffe
expect ss, stack16
expect rax, 0x1234fffc
expect rbx, 0x12340000
expect rcx, 0x55667788
expect_memory 0x4fffc, 4, 0x55667788

    mov eax, stack16
    mov ss, ax
    mov esp, 0x12340000
    push 0x55667788
    mov eax, esp
    pop ecx
    mov ebx, esp
    pushw 0
    mov word ptr ss:[0xfffe], 0x5566
    hlt
