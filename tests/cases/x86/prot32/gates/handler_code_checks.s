# The code segment of a handler: null is #GP(EXT), no code, DPL above CPL, or beyond the table is #GP with its
# selector, not present #NP with it, an offset beyond its limit #GP(EXT). EXT is set when an exception or INT1 came
# that way, and clear for INT n (Intel SDM Vol. 2A, INT; Vol. 3, 6.13).

.include "x86/prot32/faults.inc"

descriptor absent, 0x1b
descriptor data, 0x93
descriptor narrow, 0x9b, 0xff, 0, 4
descriptor conforming3, 0xff
.set beyond, 0x1000

# The gate of INT n, that of #BR, and that of INT1.
.macro try_handler selector, vector, error
    gate 0x40, start, 0x8e, \selector
    gate 5, start, 0x8e, \selector
    gate 1, start, 0x8e, \selector
    refused \vector, \error, int 0x40
    refused \vector, \error+1, bound eax, [above_zero]
    refused \vector, \error+1, .byte 0xf1
.endm

start:
    watch_faults
    .irp selector, 0, 1, 2, 3
    try_handler \selector, general_protection, 0
    .endr
    .irp selector, data, conforming3, task_state, user_code_entry, beyond
    try_handler \selector, general_protection, \selector
    .endr
    try_handler 4, general_protection, 4
    try_handler absent, segment_not_present, absent
    try_handler narrow, general_protection, 0
    hlt
above_zero:
    .long 1, 2
