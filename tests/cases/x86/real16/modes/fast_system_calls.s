# SYSENTER and SYSEXIT are #GP in real mode (Intel SDM Vol. 2B, SYSENTER, SYSEXIT), whatever their MSRs hold.

.include "x86/real16/fault_log.inc"

given rcx, 0x174
given rax, 8
expect_log 13, 13

    wrmsr
    log_faults 6, 13
    try sysenter
    try sysexit
    hlt
