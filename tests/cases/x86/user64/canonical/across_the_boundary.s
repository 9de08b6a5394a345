# An access whose last byte alone is not canonical: #GP(0), not a page fault of its first (Intel SDM Vol. 1, 3.3.7.1).

given rbx, 0x7ffffffffff9
faults general_protection, fault

fault:
    mov rax, [rbx]
    hlt
