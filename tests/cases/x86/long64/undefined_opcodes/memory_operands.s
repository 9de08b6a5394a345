# Instructions whose operand must be a register raise #UD for memory, without a look at it (Intel SDM Vol. 2, each).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    .macro bad bytes:vararg
    raises invalid_opcode, 0, .byte \bytes
    .endm
    bad 0x0f, 0x50, 0x07                # MOVMSKPS
    bad 0x0f, 0xd7, 0x07                # PMOVMSKB
    bad 0x0f, 0xf7, 0x07                # MASKMOVQ
    bad 0x66, 0x0f, 0xf7, 0x07          # MASKMOVDQU
    bad 0x0f, 0xc5, 0x07, 0             # PEXTRW
    bad 0xf3, 0x0f, 0xd6, 0x07          # MOVQ2DQ
    bad 0xf2, 0x0f, 0xd6, 0x07          # MOVDQ2Q
    bad 0x0f, 0x71, 0x17, 1             # PSRLW by an immediate
    bad 0x66, 0x0f, 0x73, 0x1f, 1       # PSRLDQ
    bad 0xc5, 0xf8, 0x50, 0x07          # VMOVMSKPS
    bad 0xdb, 0x27                      # Escapes that no memory form uses.
    bad 0xdb, 0x37
    bad 0xd9, 0x0f
    bad 0xdd, 0x2f

given rdi, unmapped
    all_logged
