# The IDT holds interrupt, trap and task gates alone: INT n through any other type, segments included, is #GP with
# 8n+2 (Intel SDM Vol. 3, 6.11; Vol. 2A, INT).

.include "x86/prot32/faults.inc"

expect rbx, 4
descriptor low_code, 0x9b, 0xfffff, image

    watch_faults
    .irp type, 0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13
    gate 0x40+\type, handler, 0x80+\type
    refused general_protection, (0x40+\type)*8+2, int 0x40+\type
    .endr
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    gate 0x50+\type, handler, 0x90+\type
    refused general_protection, (0x50+\type)*8+2, int 0x50+\type
    .endr
    .irp type, 6, 7
    gate 0x40+\type, handler16, 0x80+\type, low_code
    .endr
    ljmp low_code:low-image_start           # Where EIP fits the frames of 16-bit gates.
low:
    int 0x46
    int 0x47
    ljmp kernel_code32:high
high:
    .irp type, 14, 15
    gate 0x40+\type, handler, 0x80+\type
    int 0x40+\type
    .endr
    hlt
handler16:
    inc ebx
    data16 iret
handler:
    inc ebx
    iretd
