# Register forms of ESC that neither Intel nor AMD define raise #UD (Intel SDM Vol. 2D, A.5; AMD APM Vol. 3, table A-15).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    .irp second, 0xd1, 0xd7, 0xe2, 0xe3, 0xe6, 0xe7, 0xef
    raises invalid_opcode, 0, .byte 0xd9, \second
    .endr
    .irp second, 0xe0, 0xe8, 0xea, 0xf0, 0xff
    raises invalid_opcode, 0, .byte 0xda, \second
    .endr
    .irp second, 0xe5, 0xe6, 0xe7, 0xf8, 0xff
    raises invalid_opcode, 0, .byte 0xdb, \second
    .endr
    .irp second, 0xf0, 0xff
    raises invalid_opcode, 0, .byte 0xdd, \second
    .endr
    .irp second, 0xd8, 0xda, 0xdf
    raises invalid_opcode, 0, .byte 0xde, \second
    .endr
    .irp second, 0xe1, 0xe7, 0xf8, 0xff
    raises invalid_opcode, 0, .byte 0xdf, \second
    .endr

    all_logged
