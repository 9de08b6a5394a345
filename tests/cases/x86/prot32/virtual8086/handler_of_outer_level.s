# The handler of an event in virtual-8086 mode must be at CPL 0: a gate to code of DPL 3, or to conforming code, is
# #GP with the code segment's selector, and EXT set for an exception (Intel SDM Vol. 2A, INT n, and Vol. 3, 6.12.1.1
# and 20.3.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3
expect_log 0x580d, 0x600d, 0x590d

    mov dword ptr [0x658], 0x0000ffff   # DPL 3
    mov dword ptr [0x65c], 0x00cffb00
    mov dword ptr [0x660], 0x0000ffff   # conforming, DPL 0
    mov dword ptr [0x664], 0x00cf9f00
    .irp gate, 0x80, 0x81
    mov byte ptr [interrupt_table + \gate * 8 + 5], 0xee
    .endr
    mov word ptr [interrupt_table + 0x80 * 8 + 2], 0x58
    mov word ptr [interrupt_table + 0x81 * 8 + 2], 0x60
    mov word ptr [interrupt_table + 6 * 8 + 2], 0x58
    log_faults 13
    enter_program VM|IOPL3
    try int 0x80
    try int 0x81
    try ud2
    hlt
