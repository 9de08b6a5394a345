# In virtual-8086 mode a clear bit of the bitmap gives the right to a port at IOPL 0, to string instructions too (Intel SDM
# Vol. 3, 20.2.8.1).

.include "x86/prot32/input_output/virtual8086_ports.inc"

expect rip, end-0x10000
expect rdx, 0x14
expect rax, 0xff
expect rdi, 1

    enter_virtual8086 0x20002
    in al, 0x12
    mov dx, 0x14
    insb
end:
    hlt
