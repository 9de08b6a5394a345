# Gates and the code that they name may both stand in the LDT; its selectors have TI set in error codes (Intel SDM
# Vol. 3, 5.8.4).

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 31, image+local_table-image_start, 0
expect cs, 0x0c
expect ldtr, ldt_entry
expect rax, ldt_entry

    watch_faults
    mov eax, ldt_entry
    lldt ax
    refused segment_not_present, 0x14, lcall 0x14:0
    refused general_protection, 0x1c, lcall 0x1c:0
    ljmp 0x04:0
arrived:
    hlt

.pushsection .text, 3
local_table:
    .word arrived - image_start, 0x0c, 0x8c00, image >> 16
    raw_descriptor 0x9b
    .word arrived - image_start, 0x0c, 0x0c00, image >> 16
    .word arrived - image_start, 0x1c, 0x8c00, image >> 16
.popsection
