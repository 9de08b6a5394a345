# 66, F2, F3, LOCK or REX in front of VEX raise #UD; segment overrides and 67 may stand there (Intel SDM Vol. 2A, 2.3.2 and
# 2.3.3). So does a vvvv that names a register where there is none to name.

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    .irp prefix, 0x66, 0xf2, 0xf3, 0xf0, 0x40, 0x48
    raises invalid_opcode, 0, .byte \prefix, 0xc5, 0xf9, 0xef, 0xc1
    raises invalid_opcode, 0, .byte \prefix, 0xc4, 0xe1, 0x79, 0xef, 0xc1
    .endr
    .irp prefix, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x67
    .byte \prefix
    vpxor xmm0, xmm0, xmm1
    .endr
    raises invalid_opcode, 0, .byte 0xc5, 0xf0, 0x28, 0xc1  # VMOVAPS with vvvv.
    raises invalid_opcode, 0, .byte 0xc5, 0xf4, 0x77        # VZEROALL with vvvv.
    raises invalid_opcode, 0, .byte 0xc4, 0xe0, 0x78, 0x58, 0xc1    # Opcode maps 0 and 31.
    raises invalid_opcode, 0, .byte 0xc4, 0xff, 0x78, 0x58, 0xc1

    all_logged
