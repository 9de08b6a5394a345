# A handler's code segment must be there, be 64-bit code, and be no less privileged than the interrupted code; the error code has
# its selector and EXT, or EXT alone for null. The RPL in the gate does not count (Intel SDM Vol. 2A, INT n).

.include "x86/long64/event_log.inc"

    .macro bad_code selector, vector=general_protection
    mov word ptr [interrupt_table + 0x20 * 16 + 2], \selector
    raises \vector, (\selector)&0xfffc, int 0x20
    mov word ptr [interrupt_table + invalid_opcode * 16 + 2], \selector
    raises \vector, (\selector)&0xfffc|1, ud2
    .endm

    log_events 0x20, general_protection, segment_not_present
    mov byte ptr [0x600 + 0x58 + 5], 0x1b                   # 64-bit code that is not present.
    mov byte ptr [0x600 + 0x58 + 6], 0x20
    mov byte ptr [0x600 + 0x60 + 5], 0x9b                   # Both L and D.
    mov byte ptr [0x600 + 0x60 + 6], 0x60
    lgdt [rip + longer]
    bad_code 0
    bad_code 3
    bad_code 0xfff8
    bad_code 4                                              # There is no LDT.
    bad_code kernel_data
    bad_code user_code64
    bad_code kernel_code32
    bad_code task_state
    bad_code 0x58+2, segment_not_present
    bad_code 0x60
    mov word ptr [interrupt_table + 0x20 * 16 + 2], kernel_code64 + 3
    int 0x20
    logged 0x20, 0, behind
behind:

expect gdtr_limit, 0x67
    all_logged
longer:
    .word 0x67
    .quad 0x600
