# IRET with NT set follows the link of the present TSS: a null link, one into the LDT or beyond the GDT, no TSS and
# one that is not busy are #TS with it, a busy one that is not present #NP, one that is too small #TS (Intel SDM Vol.
# 2A, IRET). Nothing is popped.

.include "x86/prot32/tasks/task.inc"

task available, start
task absent, start, access=0x0b
task small, start, access=0x8b, limit=0x66
given rflags, NT|2
expect rflags, NT

.macro try_link link, vector
    mov word ptr [first_tss + tss_link], \link
    refused \vector, \link, iretd
    push NT|2
    popfd
.endm

start:
    watch_faults
    .irp link, 0, 4, 0x1000, kernel_data, kernel_code32, available
    try_link \link, invalid_tss
    .endr
    try_link absent, segment_not_present
    try_link small, invalid_tss
    hlt
