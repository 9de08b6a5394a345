# IRETQ and RETFQ load any RSP, canonical or not: only its use is #SS(0) (Intel SDM Vol. 2A, IRET, checks RIP alone).

.include "x86/long64/faults.inc"

ends_in_user_code
expect rax, 0x8000000012345678
expect rbx, 0x8000000012345678

    watch_faults
    push user_data
    mov rax, 0x8000000012345678
    push rax
    push user_code64
    push offset outer
    retfq
outer:
    mov rbx, rsp
    refused stack_fault, 0, push rax
    refused stack_fault, 0, pop rcx
    mov esp, 0x1e0000
    push user_data
    push rax
    push 2
    push user_code64
    push offset same_level
    iretq
same_level:
    refused stack_fault, 0, call same_level
    mov rax, rsp
    mov esp, 0x1e0000
    hlt
