# A task whose EFLAGS have VM set runs in virtual-8086 mode: its TSS's selectors are real-mode ones, and no
# descriptor is looked at for them (Intel SDM Vol. 3, 20.2.5 and 7.3).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|CF, 0x800
expect es, 0xffff
expect ds, 0x2000
expect fs, 3
expect gs, 0
expect cr0, 0x1003b
expect rax, 0x11111111
expect rdi, 0x88888888
expect rcx, 0x4567
expect tr, 0x58
expect_memory 0x65d, 1, 0x8b

    mov dword ptr [0x658], 0xa0000067   # a TSS at 2a000
    mov dword ptr [0x65c], 0x00008902
    .macro field offset:req, value:req
    mov dword ptr [0x2a000 + \offset], \value
    .endm
    field 4, 0x7000
    field 8, kernel_data
    field 0x20, "offset program - code_origin"
    field 0x24, VM|IOPL3|CF|2
    field 0x28, 0x11111111
    field 0x38, 0x800
    field 0x44, 0x88888888
    field 0x48, 0xffff
    field 0x4c, program_code
    field 0x50, program_stack
    field 0x54, 0x2000
    field 0x58, 3
    mov dword ptr [0x20040], 0x4567
    jmp 0x58:0
    .code16
program:
    mov cx, [0x40]
    hlt
