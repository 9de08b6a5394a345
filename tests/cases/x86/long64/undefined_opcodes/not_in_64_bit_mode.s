# One-byte opcodes that 64-bit mode does not have: PUSH and POP of segments, decimal arithmetic, PUSHA, POPA, BOUND, INTO, far
# CALL and JMP with a pointer, the alias 82 of group 1, SALC (Intel SDM Vol. 2D, table A-2; AMD APM Vol. 3, appendix B).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    .irp opcode, 0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0xce, 0xd6
    raises invalid_opcode, 0, .byte \opcode
    .endr
    .irp opcode, 0x82, 0x9a, 0xd4, 0xd5, 0xea
    raises invalid_opcode, 0, .byte \opcode, 0xc0, 0, 0, 0, 0, 0
    .endr

expect rax, 0
    all_logged
