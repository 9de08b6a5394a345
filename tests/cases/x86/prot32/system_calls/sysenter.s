# SYSENTER: CS from IA32_SYSENTER_CS and SS from the next descriptor, flat at level 0 without a look at any descriptor; EIP and
# ESP from their registers; IF clear, other flags kept (Intel SDM Vol. 2B, SYSENTER).

given sysenter_cs, 0xff03
given sysenter_esp, 0x12345678
given sysenter_eip, kernel
given gdtr_limit, 0
given ss_limit, 0x1000
given rflags, CF|ZF|IF|DF|0x3000|AC|2
expect cs, 0xff00
expect ss, 0xff08
expect rsp, 0x12345678
expect cs_base, 0
expect cs_limit, 0xffffffff
expect cs_attributes, 0xc09b
expect ss_base, 0
expect ss_limit, 0xffffffff
expect ss_attributes, 0xc093
expect cpl, 0
expect rflags, CF|ZF|DF|0x3000|AC
expect rip, kernel

    sysenter
    ud2
kernel:
    hlt
