# What is wrong with a gate is reported with the vector in the error code: bit 1 says that it is one of the IDT, and bit 0 (EXT)
# that the event was not INT n (Intel SDM Vol. 3, 6.13; Vol. 2A, INT n).

.include "x86/long64/event_log.inc"

    .macro bad_type kind
    mov byte ptr [interrupt_table + 0x40 * 16 + 5], \kind
    raises general_protection, 0x40*8+2, int 0x40
    mov byte ptr [interrupt_table + invalid_opcode * 16 + 5], \kind
    raises general_protection, invalid_opcode*8+3, ud2
    .endm

    log_events general_protection, segment_not_present
    .irp type, 0x80, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x89, 0x8b, 0x8c, 0x9e, 0x0c
    bad_type \type                      # A task gate and 16-bit gates among them.
    .endr
    mov byte ptr [interrupt_table + 0x40 * 16 + 5], 0x0e
    raises segment_not_present, 0x40*8+2, int 0x40
    mov byte ptr [interrupt_table + invalid_opcode * 16 + 5], 0x0f
    raises segment_not_present, invalid_opcode*8+3, ud2
    lidt [rip + shorter]                # The last byte of gate 0x40 is beyond it.
    raises general_protection, 0x40*8+2, int 0x40
    raises general_protection, 0xff*8+2, int 0xff

expect idtr_base, interrupt_table
expect idtr_limit, 0x40*16+14
    all_logged
shorter:
    .word 0x40 * 16 + 14
    .quad interrupt_table
