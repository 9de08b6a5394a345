# CALL to a target that is not canonical: #GP(0) at CALL, and nothing is pushed on AMD's CPUs (AMD APM Vol. 3, CALL).

maker amd
given rbx, 0x800000000000
faults general_protection, fault
expect_memory 0x1efff8, 8, 0

fault:
    call rbx
    hlt
