# Near branches with an operand-size prefix have 32-bit targets, which must lie within CS's limit of FFFF: #GP
# otherwise, with EIP, ESP and the counter as they were (Intel SDM Vol. 2A, CALL, JMP, Jcc, RET).

.include "x86/real16/fault_log.inc"

expect rax, 4
expect rcx, 0x20002
expect_log 13, 13, 13, 13, 13
expect_memory 0x6ffc, 4, returned

    log_faults 13
    mov ecx, 0x20002
    try .byte 0x66, 0xe9, 0, 0, 1, 0            # jmp
    try .byte 0x66, 0x0f, 0x85, 0, 0, 1, 0      # jnz
    try .byte 0x66, 0xe8, 0, 0, 1, 0            # call
    try .byte 0x66, 0xff, 0xe1                  # jmp ecx
    try .byte 0x66, 0xff, 0xd1                  # call ecx
    jmp ahead
routine:
    mov ax, 4
    .byte 0x66, 0xc3                            # ret
ahead:
    test esp, esp
    .byte 0x66, 0xe8                            # call
    .long routine - returned
returned:
    hlt

expect rflags, PF
