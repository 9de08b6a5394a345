# SYSRET with REX.W: RIP from RCX, RFLAGS from R11 without RF, VM and reserved bits, CS from IA32_STAR[63:48]+16 with fixed
# contents at level 3, which are not those of the descriptor (Intel SDM Vol. 2B, SYSRET).

given star, 0x003b000000000000                  # CS 0x4b is the TSS, SS 0x43 absent.
given rcx, user
given r11, -1-TF
expect cs, 0x4b
expect ss, 0x43
expect cpl, 3
expect rflags, 0x3c7ed7
expect rip, user

    sysretq
user:
    hlt
