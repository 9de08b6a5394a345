# RETF to conforming code: RPL, which must not be below DPL, becomes CPL, so that code of DPL 0 runs at CPL 3
# (Intel SDM Vol. 2B, RET).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
ends_in_user_code conforming+3

    watch_faults
    push user_data
    push 0x1e0000
    push conforming+3
    push offset outer
    retf
outer:
    push user_data
    pop ds
    push user_data
    pop es
    refused general_protection, 0, cli
    hlt
