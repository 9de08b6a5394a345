# A far JMP, CALL or RET to an offset beyond FFFF: #GP, and neither CS, EIP nor ESP has changed (Intel SDM Vol. 2A,
# JMP, CALL; Vol. 2B, RET: the offset must lie within the segment's limit, which loading CS in real mode does not
# change).

.include "x86/real16/fault_log.inc"

expect rsp, 0x6ff8
expect rax, 0
expect_log 13, 13, 13, 13
expect_memory 0x6ff8, 8, 0x0000200000010000

    log_faults 13
    try .byte 0x66, 0xea, 0, 0, 1, 0, 0, 0x20
    try .byte 0x66, 0x9a, 0, 0, 1, 0, 0, 0x20
    try .byte 0x66, 0xff, 0x2e, pointer - 0x7c00, 0x7c
    push dword ptr 0x2000
    push dword ptr 0x10000
    try .byte 0x66, 0xcb
    mov ax, cs
    hlt
    .org 0x80
pointer:
    .long 0x10000
    .word 0x2000
