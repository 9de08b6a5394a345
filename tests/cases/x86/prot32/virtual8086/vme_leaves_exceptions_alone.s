# The redirection bitmap is for INT n alone: INT3, INTO and faults go through the IDT though their bits are clear
# (Intel SDM Vol. 3, 20.3.3).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
faults overflow, after-code_origin
ends_in_program VM|OF
expect rdx, 3
expect_log 6, 0

    log_faults 6, 0
    program_gate 3, on_breakpoint
    extend_task_state
    enter_program VM|OF
    try ud2
    try div dl
    int3
    into
after:
    hlt
    .code32
on_breakpoint:
    mov edx, 3
    iretd
