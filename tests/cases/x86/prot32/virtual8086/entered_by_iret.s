# IRETD at CPL 0 with VM set in the flags enters virtual-8086 mode: CPL 3, every segment register from the frame
# with base 16 * selector, all of ESP, and the flags whole (Intel SDM Vol. 2A, IRET, and Vol. 3, 20.2.5).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|CF|ID|AC|VIP, 0x12340020
expect es, 0x2000
expect ds, 0x2010
expect fs, 0x2020
expect gs, 0x2030
expect rax, program_code
expect_memory 0x20000, 2, program_code
expect_memory 0x20100, 2, program_code
expect_memory 0x20200, 2, program_code
expect_memory 0x20300, 2, program_code
expect_memory 0x18020, 2, program_code

    .irp selector, 0x2030, 0x2020, 0x2010, 0x2000, program_stack, 0x12340020, VM|IOPL3|CF|ID|AC|VIP, program_code
    push \selector
    .endr
    push offset program - code_origin
    iretd
    .code16
program:
    mov ax, cs
    mov bp, 0
    mov es:[bp], ax
    mov ds:[bp], ax
    mov fs:[bp], ax
    mov gs:[bp], ax
    mov bp, sp
    mov [bp], ax
    hlt

expect rbp, 0x20
