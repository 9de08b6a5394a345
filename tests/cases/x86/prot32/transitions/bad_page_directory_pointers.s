# Setting PG with PAE paging loads the four page-directory pointers: a reserved bit in a present one is #GP(0), and
# PG stays clear (Intel SDM Vol. 3, 4.4.1). In one that is not present it does not matter.

.include "x86/prot32/fault_log.inc"

expect cr0, 0x80010033
expect cr3, 0x8000
expect rax, 0x80010033
expect rbx, 0x10033
expect_log 13

    log_faults 13
    mov dword ptr [0x8000], page_directory + 1
    mov dword ptr [0x8018], 0x3         # R/W is reserved here
    mov eax, 0x8000
    mov cr3, eax
    mov eax, 0x80010033
    try mov cr0, eax
    mov ebx, cr0
    mov dword ptr [0x8018], 0x2
    mov cr0, eax
    hlt
