# POPFQ silently leaves alone what its level may not change: IF beyond IOPL, IOPL at every level but 0, and VM, VIF, VIP and
# RF always (Intel SDM Vol. 2B, POPF). A 16-bit POPF changes the low half alone.

.include "x86/long64/privileged/attempts.inc"

.set all_but_tf, 0x7ffffeff
.set for_programs, CF|PF|AF|ZF|SF|DF|OF|NT|2
.set for_programs_wide, AC | 1 << 21            # And ID

.macro popped_is image, value
    push \image
    popfq
    pushfq
    pop rax
    must_equal rax, (\value)
    push 2                                      # Takes back NT, with which no IRETQ works.
    popfq
.endm

    catch_exceptions
    .irp iopl, 0, 1, 2, 3
    popped_is all_but_tf, for_programs + for_programs_wide + IF + 0x3000
    .irp level, 1, 2, 3
    enter_level \level, 2 + (\iopl << 12)
    .if \level <= \iopl
    popped_is all_but_tf, for_programs + for_programs_wide + (\iopl << 12) + IF
    popped_is 0, 2 + (\iopl << 12)
    .else
    popped_is all_but_tf, for_programs + for_programs_wide + (\iopl << 12)
    leave_level
    enter_level \level, 2 + (\iopl << 12) + IF
    popped_is 0, 2 + (\iopl << 12) + IF
    .endif
    leave_level
    .endr
    .endr

    enter_level 3, 2
    push -1 - TF
    .byte 0x66
    popf
    pushfq
    pop rax
    must_equal rax, for_programs
    add rsp, 6
    leave_level
    finish
