# Type and privilege come before presence: a descriptor that is wrong in both ways is #GP, not #NP or #SS
# (Intel SDM Vol. 2B, MOV, pseudocode).

.include "x86/prot32/faults.inc"

descriptor absent_system, 0x02
descriptor absent_unreadable, 0x19
descriptor absent_read_only, 0x11
descriptor absent_outer, 0x73
ends_in_user_code
expect rax, kernel_data

    watch_faults
    .irp selector, absent_system, absent_unreadable
    mov eax, \selector
    refused general_protection, \selector, mov fs, ax
    .endr
    .irp selector, absent_system, absent_unreadable, absent_read_only, absent_outer
    mov eax, \selector
    refused general_protection, \selector, mov ss, ax
    .endr
    enter_user
    mov eax, absent_data
    refused general_protection, absent_data, mov fs, ax
    mov eax, kernel_data
    refused general_protection, kernel_data, mov fs, ax
    hlt
