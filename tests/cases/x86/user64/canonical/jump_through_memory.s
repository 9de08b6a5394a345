# JMP to a target that is not canonical: #GP(0) at JMP (Intel SDM Vol. 2A, JMP).

faults general_protection, fault

fault:
    jmp [rip + pointer]
    hlt
    .balign 8
pointer:
    .quad 0xffff7fffffffffff
