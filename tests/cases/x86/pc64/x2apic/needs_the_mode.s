# In xAPIC mode, and while the APIC is disabled, the MSRs of x2APIC mode do not exist (Intel SDM Vol. 3, 11.12.2).

expect_log 13, 13, 13, 13

    log_protection
    .rept 2
    mov ecx, x2apic + 2
    try rdmsr
    mov ecx, x2apic + 8
    try wrmsr
    write_msr msr_apic_base, 0xfee00100
    .endr
    clear_scratch
    finish
