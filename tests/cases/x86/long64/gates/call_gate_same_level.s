# A 64-bit call gate at the same level: CS and RIP are pushed as quadwords on the present stack, which is not aligned,
# and the gate gives 64 bits of RIP (Intel SDM Vol. 3, 5.8.3.1).

.include "x86/long64/faults.inc"

call_gate64 gate64, kernel_code64+3, callee, 0x8c
expect rcx, kernel_code64
expect rsp, 0x1f0000-24
expect_memory 0x1f0000-24, 8, back
expect_memory 0x1f0000-16, 8, kernel_code64

    push 0
    mov dword ptr [0x20000], 0xdeadbeef     # Means nothing.
    mov dword ptr [0x20004], gate64
    call fword ptr [0x20000]
back:
    ud2
callee:
    mov ecx, cs
    hlt
