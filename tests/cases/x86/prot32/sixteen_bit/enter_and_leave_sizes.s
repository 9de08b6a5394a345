# ENTER and LEAVE: the operand size says how much of EBP is stored and loaded, SS.B whether SP or ESP moves (Intel
# SDM Vol. 2A, ENTER and LEAVE).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x11117000
given rbp, 0x22223344
expect ss, kernel_data16
expect rax, 0x22226ffe
expect rbx, 0x11116fee
expect rcx, 0x11116ffc
expect rdx, 0x11116fec
expect rbp, 0x22223344
expect rsp, 0x11117000
expect_memory 0x6ffc, 4, 0x22223344

    mov eax, kernel_data16
    mov ss, eax
    .byte 0x66, 0xc8, 0x10, 0, 0        # enter 16, 0 with 16-bit operands
    mov eax, ebp
    mov ebx, esp
    .byte 0x66, 0xc9                    # leave
    enter 16, 0
    mov ecx, ebp
    mov edx, esp
    leave
    hlt
