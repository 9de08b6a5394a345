# SYSCALL loads CS and SS with fixed contents: flat, present, level 0, CS 64-bit; it reads no descriptor, so that an empty GDT
# does not matter (Intel SDM Vol. 2B, SYSCALL).

given star, 0x0010ff0000000000
given lstar, kernel
given cs_limit, 0x12345
given ss_limit, 0
given ss_attributes, 0
given ss_base, 0x1000
given gdtr_limit, 0
expect cs, 0xff00
expect ss, 0xff08
expect cs_base, 0
expect cs_limit, 0xffffffff
expect cs_attributes, 0xa09b
expect ss_base, 0
expect ss_limit, 0xffffffff
expect ss_attributes, 0xc093
expect cpl, 0
expect rcx, after
expect r11, 2
expect rip, kernel

    syscall
after:
    ud2
kernel:
    hlt
