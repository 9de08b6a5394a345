# With IOPL below 3 and no VME, CLI, STI, PUSHF, POPF, INT n and IRET, and their 32-bit forms, are #GP(0) in
# virtual-8086 mode and change nothing; LAHF and SAHF are not (Intel SDM Vol. 3, 20.2.8 and table 20-2, method 2).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL2|ZF
expect rax, 0x4200
.set .Lslot, fault_log
.rept 18
expect_memory .Lslot, 4, 13
.set .Lslot, .Lslot + 4
.endr
expect_memory .Lslot, 4, 0

.macro try_all
    .irp instruction, cli, sti, pushf, popf, pushfd, popfd, "int 0x80", iret, iretd
    try \instruction
    .endr
.endm

    log_faults 13
    mov byte ptr [interrupt_table + 0x80 * 8 + 5], 0xee
    program_gate 3, second
    enter_program VM|ZF
    try_all
    int3
    .code32
second:
    enter_program VM|IOPL2|ZF
    try_all
    lahf
    sahf
    mov al, 0
    hlt
