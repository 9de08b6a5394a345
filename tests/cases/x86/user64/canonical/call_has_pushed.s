# CALL to a target that is not canonical: #GP(0) at CALL, and Intel's CPUs have written the return address by then, though
# RSP is as it was (Intel SDM Vol. 2A, CALL, says nothing of it).

maker intel
given rbx, 0x800000000000
faults general_protection, fault
expect_memory 0x1efff8, 8, behind

fault:
    call rbx
behind:
    hlt
