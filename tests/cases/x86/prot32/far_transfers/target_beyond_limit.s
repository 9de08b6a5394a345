# A far target beyond the limit of the new code segment is #GP(0) at the transfer; the last byte of the segment is
# within (Intel SDM Vol. 2A, JMP and CALL).

.include "x86/prot32/faults.inc"

descriptor narrow, 0x9b, image+last-image_start, 0, 4
expect cs, narrow
expect rip, last

    watch_faults
    .irp instruction, ljmp, lcall
    refused general_protection, 0, \instruction narrow:last+1
    refused general_protection, 0, \instruction narrow:0xffffffff
    .endr
    ljmp narrow:last
    .org image_start + 0x200
last:
    hlt
