# RET to an address that is not canonical: #GP(0) at RET, with RSP as it was (Intel SDM Vol. 2B, RET).

given rsp, 0x1f0000
given rax, 0x8000000000000000
faults general_protection, fault
expect rsp, 0x1efff8
expect_memory 0x1efff8, 8, 0x8000000000000000

    push rax
fault:
    ret 16
    hlt
