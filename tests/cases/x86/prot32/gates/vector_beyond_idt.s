# A vector whose gate is not wholly within the limit of the IDT: #GP with 8n+2, and EXT set for an exception (Intel
# SDM Vol. 2A, INT).

.include "x86/prot32/faults.inc"

given idtr_limit, 0x40*8+6
expect rax, 0xc3

    gate 0x3f, handler
    gate 0x40, handler
    watch_faults
    int 0x3f
    refused general_protection, 0x40*8+2, int 0x40
    refused general_protection, 0xff*8+2, int 0xff
    hlt
handler:
    mov eax, 0xc3
    iretd
