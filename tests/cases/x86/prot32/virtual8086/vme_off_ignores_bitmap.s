# With VME clear the redirection bitmap does not exist: INT n with a clear bit is #GP(0) with IOPL below 3, and goes
# through the IDT at IOPL 3 (Intel SDM Vol. 3, table 20-2, methods 2 and 1).

.include "x86/prot32/virtual8086/virtual8086.inc"

faults 0x80, after-code_origin
ends_in_program VM|IOPL3
expect_log 13

    log_faults 13
    program_gate 3, second
    program_gate 0x80, 0x580
    extend_task_state
    enter_program VM|IOPL2
    try int 0x80
    int3
    .code32
second:
    enter_program VM|IOPL3
    int 0x80
after:
    hlt
