# RET with an operand-size prefix pops EIP; beyond CS's limit it is #GP, and ESP does not move (Intel SDM Vol. 2B,
# RET).

faults general_protection, fault
expect rsp, 0x6ffc

    push dword ptr 0x10000
fault:
    .byte 0x66, 0xc3
    hlt
