# CLI and STI need CPL <= IOPL, or raise #GP(0) and leave IF alone (Intel SDM Vol. 2A, CLI; Vol. 2B, STI). HLT, which does
# not look at IOPL, has no part in this.

.include "x86/long64/privileged/attempts.inc"

.macro interrupt_flag_is value
    pushfq
    pop rax
    and eax, IF
    must_equal eax, \value
.endm

    catch_exceptions
    .irp iopl, 0, 1, 2, 3
    .irp level, 0, 1, 2, 3
    enter_level \level, 2 + (\iopl << 12)
    .if \level <= \iopl
    attempt no_exception, sti
    interrupt_flag_is IF
    attempt no_exception, cli
    interrupt_flag_is 0
    .else
    attempt protection, sti
    interrupt_flag_is 0
    leave_level
    enter_level \level, 2 + (\iopl << 12) + IF
    attempt protection, cli
    interrupt_flag_is IF
    .endif
    leave_level
    .endr
    .endr
    finish
