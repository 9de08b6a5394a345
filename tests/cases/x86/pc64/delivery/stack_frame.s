# In long mode an interrupt aligns RSP to 16 bytes and pushes SS and RSP also without a change of level (Intel SDM Vol.
# 3, 6.14.2 and 6.14.3).

expect rbx, 0x1effc0-40
expect rsi, 0x1effcb
expect rbp, kernel_data
expect r8, kernel_code64
expect r9, program
expect r10, IF | 2
expect rsp, 0x1f0000

    gate 0x41, handler
    enter_x2apic
    self_ipi 0x41
    clear_scratch
    mov esp, 0x1effcb
    push IF|2
    popfq
program:
    mov esp, 0x1f0000
    finish
handler:
    mov rbx, rsp
    mov r9, [rsp]
    mov r8, [rsp + 8]
    mov r10, [rsp + 16]
    mov rsi, [rsp + 24]
    mov rbp, [rsp + 32]
    and byte ptr [rsp + 17], ~2
    iretq
