# RSP as base makes it a stack access even if the index is what leaves the canonical range: #SS(0).

given rcx, 0x1000000000000000
faults stack_fault, fault

fault:
    mov rax, [rsp + rcx * 8]
    hlt
