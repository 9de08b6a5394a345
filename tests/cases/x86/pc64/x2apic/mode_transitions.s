# IA32_APIC_BASE leads from disabled to xAPIC, from there to x2APIC, and from either to disabled; any other way, and
# EXTD without EN, raises #GP (Intel SDM Vol. 3, 11.12.5 and figure 11-27).

expect rbx, 0xfee00900
expect_log 13, 1, 2, 13, 13, 3, 13, 4, 13, 5, 6

    log_protection
    .macro set_mode enable, extend
    mov ecx, msr_apic_base
    mov eax, 0xfee00100 | \enable << 11 | \extend << 10
    xor edx, edx
    try wrmsr
    .endm
    set_mode 0, 1               # From xAPIC.
    log 1
    set_mode 1, 1
    log 2
    set_mode 1, 0               # From x2APIC.
    set_mode 0, 1
    set_mode 0, 0
    log 3
    set_mode 1, 1               # From disabled.
    log 4
    set_mode 0, 1
    set_mode 1, 0
    log 5
    set_mode 0, 0
    set_mode 1, 0
    log 6
    read_msr msr_apic_base
    mov ebx, eax
    clear_scratch
    finish
