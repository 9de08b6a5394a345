# PUSH below an address that is not canonical: #SS(0), and RSP stays (Intel SDM Vol. 1, 3.3.7.1).

given rsp, 0x800000000010
faults stack_fault, fault

fault:
    push rax
    hlt
