# A target that is not canonical, and whose low bits are those of no address that was ever jumped to: #GP(0) (Intel SDM Vol. 2A,
# JMP).

given rbx, 0x4000000000000000
given rcx, 3
expect rcx, 0
faults general_protection, fault
undefined CF|OF|SF|ZF|AF|PF

again:
    dec ecx
    jnz again
fault:
    jmp rbx
