# A gate of the IDT that is not present: #NP with 8n+2, after its DPL was checked for INT n; EXT is set when an
# exception came that way (Intel SDM Vol. 2A, INT).

.include "x86/prot32/faults.inc"

ends_in_user_code

    gate 0x40, handler, 0x6e, 0
    gate 0x41, handler, 0x0e, 0
    gate 5, handler, 0x0f, 0
    watch_faults
    enter_user
    refused segment_not_present, 0x40*8+2, int 0x40
    refused general_protection, 0x41*8+2, int 0x41
    refused segment_not_present, 5*8+3, bound eax, [above_zero]
    hlt
handler:
above_zero:
    .long 1, 2
