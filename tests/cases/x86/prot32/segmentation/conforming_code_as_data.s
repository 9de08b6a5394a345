# Readable conforming code may be loaded into a data segment register at every CPL with every RPL, whatever its DPL;
# not when it is execute-only (Intel SDM Vol. 3, 5.6.1 and 5.5).

.include "x86/prot32/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor conforming\dpl, 0x9f+\dpl*0x20
.endr
descriptor unreadable, 0xfd

.macro try_loads
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    mov eax, conforming\dpl + \rpl
    mov fs, ax
    mov ecx, fs
    holds ecx, eax
    .endr
    .endr
    mov eax, unreadable + 3
    refused general_protection, unreadable, mov fs, ax
.endm

ends_in_user_code

    watch_faults
    try_loads
    enter_user
    try_loads
    xor eax, eax
    mov fs, ax
    xor ecx, ecx
    hlt
