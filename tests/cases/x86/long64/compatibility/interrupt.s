# An interrupt in compatibility mode goes through a 64-bit gate to 64-bit code: five quadwords, SS and RSP without a
# change of level too, on a stack aligned to 16 bytes; IRETQ comes back (Intel SDM Vol. 3, 6.14).

given rsp, 0x1effec
given rflags, CF|2
expect cs, kernel_code32
expect rsp, 0x1effec
expect rflags, CF
expect rbx, 0x1effb8
expect rip, after
expect_memory 0x1effb8, 8, after
expect_memory 0x1effc0, 8, kernel_code32
expect_memory 0x1effc8, 8, CF|2
expect_memory 0x1effd0, 8, 0x1effec
expect_memory 0x1effd8, 8, kernel_data
expect rax, 0x55667788

    mov word ptr [interrupt_table + 0x40 * 16], offset handler - 0x10000
    mov word ptr [interrupt_table + 0x40 * 16 + 6], 1
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    int 0x40
after:
    hlt
    .code64
handler:
    mov rbx, rsp
    mov eax, 0x55667788
    iretq
