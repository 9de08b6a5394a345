# Instructions on selectors are #UD in virtual-8086 mode as in real mode (Intel SDM Vol. 2: "not recognized in
# virtual-8086 mode"); SMSW, SGDT and SIDT work, as UMIP is off.

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3
expect rax, 0x33
expect_log 6, 6, 6, 6, 6, 6, 6, 6, 6
expect_memory 0x19000-8, 6, 0x60000ff

    log_faults 6, 13
    enter_program VM|IOPL3
    .irp instruction, "sldt ax", "str ax", "lldt ax", "ltr ax", "verr ax", "verw ax", "lar cx, ax", "lsl cx, ax"
    try \instruction
    .endr
    try .byte 0x63, 0xc1        # arpl cx, ax
    smsw ax
    mov bp, program_stack_top - 8
    sgdt [bp]
    mov bp, 0
    hlt
