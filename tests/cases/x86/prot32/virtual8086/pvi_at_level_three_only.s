# PVI is for CPL 3: at CPL 1 and 2 with IOPL 0, CLI and STI are #GP(0) (Intel SDM Vol. 2, CLI, STI).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|PVI
faults general_protection, end
ends_in_user_code VIF, 2
expect_log 13, 13, 13, 13

    log_faults 13
    program_gate 3, second
    enter_user VIF, 1
    try cli
    try sti
    int3
second:
    mov eax, kernel_data
    mov ds, eax
    mov eax, 0
    enter_user VIF, 2
    try cli
    try sti
end:
    hlt
