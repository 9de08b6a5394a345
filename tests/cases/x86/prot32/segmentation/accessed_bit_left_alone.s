# The accessed bit stays clear when a load fails, for whatever reason, and when LAR, LSL, VERR, VERW ask about a
# descriptor (Intel SDM Vol. 3, 3.4.5.1 and 5.10).

.include "x86/prot32/faults.inc"

descriptor asked, 0x92
descriptor absent, 0x12
descriptor unreadable, 0x98
descriptor read_only, 0x90
descriptor inner_code, 0xba
expect rax, read_only
expect rcx, 0xffffffff
expect_memory gdt+asked, 8, 0x00cf92000000ffff
expect_memory gdt+absent, 8, 0x00cf12000000ffff
expect_memory gdt+unreadable, 8, 0x00cf98000000ffff
expect_memory gdt+read_only, 8, 0x00cf90000000ffff
expect_memory gdt+inner_code, 8, 0x00cfba000000ffff

    watch_faults
    mov eax, asked
    verr ax
    verw ax
    lar ecx, eax
    lsl ecx, eax
    mov eax, absent
    refused segment_not_present, absent, mov fs, ax
    mov eax, unreadable
    refused general_protection, unreadable, mov fs, ax
    refused general_protection, inner_code, ljmp inner_code:0
    mov eax, read_only
    refused general_protection, read_only, mov ss, ax
    hlt
