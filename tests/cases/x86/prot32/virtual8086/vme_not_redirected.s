# A set bit in the redirection bitmap: INT n is #GP(0) with IOPL below 3, and goes through the IDT at IOPL 3, where
# the gate's DPL counts (Intel SDM Vol. 3, table 20-2, methods 3 and 4).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
faults 0x80, after-code_origin
ends_in_program VM|IOPL3
expect_log 13, 13, 0x40a0d

    log_faults 13
    program_gate 3, second
    program_gate 0x80, 0x580
    extend_task_state
    mov dword ptr [redirection_bitmap + 0x10], 3
    enter_program VM
    try int 0x80
    try int 0x81
    int3
    .code32
second:
    enter_program VM|IOPL3
    try int 0x81                # DPL 0
    int 0x80
after:
    hlt
