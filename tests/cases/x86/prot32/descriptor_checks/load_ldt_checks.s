# LLDT takes present LDT descriptors of the GDT alone: another type, a selector into the LDT or beyond the GDT is #GP
# with it, one that is not present #NP, and CPL must be 0. DPL does not count, RPL neither (Intel SDM Vol. 2A, LLDT).
# No busy or accessed bit is set.

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x80+\type
.endr
descriptor segment2, 0x92
descriptor absent, 0x02
descriptor absent_task, 0x09
descriptor right, 0xe2, 7, 0x20000, 0
.set beyond, right + 8
ends_in_user_code
expect ldtr, right+3
expect rax, right+3
expect_memory gdt+right, 8, 0x0000e20200000007

    watch_faults
    .irp type, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    mov eax, system\type
    refused general_protection, system\type, lldt ax
    .endr
    .irp selector, segment2, absent_task, beyond, 4
    mov eax, \selector
    refused general_protection, \selector, lldt ax
    .endr
    mov eax, absent
    refused segment_not_present, absent, lldt ax
    mov eax, right + 3
    lldt ax
    enter_user
    refused general_protection, 0, lldt ax
    hlt
