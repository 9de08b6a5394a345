# A call through a 64-bit gate to CPL 0 takes RSP0 from the TSS as it is, unaligned, makes SS null, and pushes SS,
# RSP, CS and RIP as quadwords; no parameter is copied. RETFQ comes back (Intel SDM Vol. 3, 5.8.5.1).

.include "x86/long64/faults.inc"

call_gate64 gate64, kernel_code64, callee
ends_in_user_code
expect rax, 0x7008-32
expect rbx, 0
expect rcx, kernel_code64
expect_memory 0x7008-32, 16, back, user_code64
expect_memory 0x7008-16, 16, 0x1e0000-8, user_data

    mov dword ptr [0x6004], 0x7008
    mov dword ptr [0x20004], gate64 + 3
    watch_faults
    enter_user
    push 0x11111111
    call fword ptr [0x20000]
back:
    pop rdx
    holds edx, 0x11111111
    xor edx, edx
    refused general_protection, 0, cli
    hlt
callee:
    cli
    keep_inner_stack
    mov rax, rsp
    mov ebx, ss
    mov ecx, cs
    retfq
