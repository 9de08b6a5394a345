# Segments of virtual-8086 mode end at FFFF for 32-bit offsets too: #GP, #SS for the stack, and both have an error
# code of 0, which real mode has not (Intel SDM Vol. 3, 20.2.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

given rbx, 0xffff
ends_in_program VM|IOPL3
expect_log 13, 13, 13, 13, 12, 12

    log_faults 12, 13
    enter_program VM|IOPL3
    try mov ax, [bx]
    try mov eax, [ebx - 2]
    try mov al, [ebx + 1]
    try .byte 0x66, 0xe9, 0, 0, 1, 0            # jmp, 32-bit
    try mov ax, ss:[bx]
    mov sp, 1
    try push ax
    mov sp, program_stack_top
    hlt
