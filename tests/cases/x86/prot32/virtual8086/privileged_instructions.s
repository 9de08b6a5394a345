# Virtual-8086 mode runs at CPL 3 whatever IOPL is: privileged instructions are #GP(0) (Intel SDM Vol. 3, 20.2.7 and
# 5.9).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3
.set .Lslot, fault_log
.rept 15
expect_memory .Lslot, 4, 13
.set .Lslot, .Lslot + 4
.endr
expect_memory .Lslot, 4, 0

    log_faults 6, 13
    enter_program VM|IOPL3
    .irp instruction, hlt, clts, invd, wbinvd, rdmsr, wrmsr, sysexit
    try \instruction
    .endr
    try lgdt [0]
    try lidt [0]
    try lmsw ax
    try invlpg [0]
    try mov eax, cr0
    try mov cr0, eax
    try mov eax, dr7
    try mov dr7, eax
    hlt
