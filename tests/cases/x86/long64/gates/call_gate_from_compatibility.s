# 32-bit code of CPL 3 calls 64-bit code of CPL 0 through a 64-bit gate, which pushes quadwords; RETFQ goes back to
# compatibility mode (Intel SDM Vol. 3, 5.8.5.1).

.include "x86/long64/faults.inc"

call_gate64 gate64, kernel_code64, callee
ends_in_user_code user_code32
expect rax, 0x7000-32
expect rbx, 0x43
expect_memory 0x7000-32, 16, back, user_code32
expect_memory 0x7000-16, 16, 0x1e0000, user_data

    mov ebx, 0x42
    enter_user user_code32
    .code32
    lcall gate64:0x12345678
back:
    .byte 0x43                              # inc ebx, or a prefix of 64-bit mode
    nop
    hlt
    .code64
callee:
    keep_inner_stack
    mov rax, rsp
    retfq
