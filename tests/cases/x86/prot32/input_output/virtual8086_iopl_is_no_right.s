# In virtual-8086 mode the bitmap alone decides about ports: IOPL 3 gives no right to one whose bit is set (Intel SDM Vol. 3,
# 20.2.8.1).

.include "x86/prot32/input_output/virtual8086_ports.inc"

faults general_protection, fault-0x10000
expect rax, 0xffff

    enter_virtual8086 0x23002
    in al, 0x12
    in ax, 0x14
    out 0x11, ax
fault:
    in ax, 0x12
    hlt
