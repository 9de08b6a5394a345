# An interrupt of 32-bit code in long mode enters 64-bit mode and returns from it; the upper halves of the frame are 0
# (Intel SDM Vol. 3, 6.14.2).

expect rbx, program
expect rsi, kernel_code32
expect rbp, 1
expect_log 0x41

    gate 0x41, handler
    enter_x2apic
    self_ipi 0x41
    clear_scratch
    push kernel_data
    push 0x1e0000
    push IF|2
    push kernel_code32
    push offset program
    iretq
    .code32
program:
    xor ebp, ebp
    dec ebp
    neg ebp
    cli
    mov esp, 0x1f0000
    .byte 0xea                  # A far jump.
    .long back
    .word kernel_code64
    .code64
back:
    finish
handler:
    log 0x41
    mov rbx, [rsp]
    mov rsi, [rsp + 8]
    iretq
