# A call to an inner level takes its stack from the TSS and copies the gate's count of doublewords from the old stack:
# SS, ESP, the parameters in their order, CS, EIP. RETF n goes back (Intel SDM Vol. 3, 5.8.5).

.include "x86/prot32/faults.inc"

call_gate inner, kernel_code32, callee, 0xec, 3
.set inner_gate, inner + 3
ends_in_user_code
expect rax, 0x7000-28
expect rcx, kernel_code32
expect rdx, kernel_data
expect_memory 0x7000-4, 4, user_data
expect_memory 0x7000-8, 4, 0x1e0000-12
expect_memory 0x7000-20, 12, 0x2222222211111111, 0x33333333
expect_memory 0x7000-24, 4, user_code32
expect_memory 0x7000-28, 4, back

    watch_faults
    enter_user
    push 0x33333333
    push 0x22222222
    push 0x11111111
    lcall inner_gate:0
back:
    refused general_protection, 0, cli      # CPL is 3 again.
    hlt
callee:
    keep_inner_stack
    cli
    mov eax, esp
    mov ecx, cs
    mov edx, ss
    retf 12
