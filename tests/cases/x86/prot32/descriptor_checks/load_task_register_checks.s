# LTR takes an available TSS of either size, and sets its busy bit; null is #GP(0), a busy TSS, another type, a
# selector into the LDT or beyond the GDT #GP with it, one that is not present #NP, and CPL must be 0 (Intel SDM Vol.
# 2A, LTR). The limit is not checked, and the old TSS stays busy.

.include "x86/prot32/faults.inc"

.irp type, 0, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x80+\type
.endr
descriptor segment9, 0x99
descriptor absent, 0x09
descriptor absent_busy, 0x0b
descriptor tiny, 0x89, 0, 0x20000, 0
descriptor tiny16, 0x81, 0, 0x20000, 0
descriptor right, 0xe9, 0x67, 0x6000, 0
.set beyond, right + 8
ends_in_user_code
expect tr, right
expect rax, right
expect_memory gdt+tiny+5, 1, 0x8b
expect_memory gdt+tiny16+5, 1, 0x83
expect_memory gdt+right+5, 1, 0xeb
expect_memory gdt+task_state+5, 1, 0x8b
expect_memory gdt+absent+5, 1, 0x09

    watch_faults
    .irp selector, 0, 1, 2, 3
    mov eax, \selector
    refused general_protection, 0, ltr ax
    .endr
    .irp type, 0, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15
    mov eax, system\type
    refused general_protection, system\type, ltr ax
    .endr
    .irp selector, segment9, absent_busy, task_state, beyond, 4
    mov eax, \selector
    refused general_protection, \selector, ltr ax
    .endr
    mov eax, absent
    refused segment_not_present, absent, ltr ax
    .irp selector, tiny, tiny16, right
    mov eax, \selector
    ltr ax
    .endr
    enter_user
    refused general_protection, 0, ltr ax
    hlt
