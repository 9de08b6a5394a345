# VME serves virtual-8086 mode alone, and PVI protected mode alone: the other way round CLI and STI are #GP(0)
# (Intel SDM Vol. 2, CLI, STI, tables of decisions).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIF
expect cr4, cr4_without_vme|PVI
expect_log 13, 13, 13, 13

    log_faults 13
    program_gate 3, second
    enter_user VIF
    try cli
    try sti
    int3
second:
    mov eax, kernel_data
    mov ds, eax
    mov eax, cr4_without_vme|PVI
    mov cr4, eax
    mov eax, 0
    enter_program VM|VIF
    try cli
    try sti
    hlt
