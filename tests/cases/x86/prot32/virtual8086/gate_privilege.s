# INT n at IOPL 3 without VME, and INT3 and INTO at any IOPL, need a gate of DPL 3, for the program has CPL 3: #GP
# with the gate's number otherwise, EXT clear (Intel SDM Vol. 3, 20.3.3.1 and 6.12.1.2).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|OF
expect_log 0x1a0d, 0x220d, 0x4020d

    log_faults 13
    .irp vector, 3, 4
    mov byte ptr [interrupt_table + \vector * 8 + 5], 0x8e
    .endr
    mov byte ptr [interrupt_table + 0x80 * 8 + 5], 0xce
    enter_program VM|IOPL3|OF
    try int3
    try into
    try int 0x80
    hlt
