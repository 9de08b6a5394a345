# RBP as an index alone does not make it a stack access: #GP(0), whereas as base it is #SS(0) (Intel SDM Vol. 1, 3.3.7.1 and
# table 3-5).

given rbp, 0x4000000000000000
faults general_protection, fault

fault:
    mov rax, [rbp * 2]
    hlt
