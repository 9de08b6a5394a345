# The frame of an interrupt may wrap around the stack segment: with SP = 2, FLAGS are pushed at 0, CS at FFFE and IP
# at FFFC; the upper half of ESP stays (Intel SDM Vol. 3, 20.1.4). IRET reads the frame back over the same wrap.

given rsp, 0xabcd0002
given rflags, ZF|DF|2
expect rax, 0xfffc
expect rsp, 0xabcd0002
expect ss, 0x2000
expect rflags, ZF|DF
expect_memory 0x20000, 2, ZF|DF|2
expect_memory 0x2fffe, 2, 0
expect_memory 0x2fffc, 2, after

    mov ax, 0x2000
    mov ss, ax
    mov word ptr [0x21 * 4], offset handler
    int 0x21
after:
    hlt
handler:
    mov ax, sp
    cld
    iret
