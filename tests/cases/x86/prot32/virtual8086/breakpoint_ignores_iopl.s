# INT3 and INTO in virtual-8086 mode go through the IDT at any IOPL, to a gate of DPL 3; the frame points behind
# them (Intel SDM Vol. 3, 20.2.8 and 20.3.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

faults overflow, after_into-code_origin
ends_in_program VM|OF

    program_gate 3, on_breakpoint
    or edx, -1
    enter_program VM|OF
    int3
after_int3:
    into
after_into:
    hlt
    .code32
on_breakpoint:
    mov edx, [esp]
    iretd

expect rdx, after_int3-code_origin
