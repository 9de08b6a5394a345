# An address that is not canonical raises #GP(0), through RSP or RBP #SS(0) (Intel SDM Vol. 1, 3.3.7.1).

given rbp, 0x8000000000000000
faults stack_fault, fault

fault:
    mov rax, [rbp]
    hlt
