# CR4.UMIP makes SGDT, SIDT, SLDT, STR and SMSW privileged: #GP(0) at levels 1 to 3, before the operand is looked at. Without
# it every level may use them (Intel SDM Vol. 3, 2.5, CR4.UMIP).

.include "x86/long64/privileged/attempts.inc"

expect cr4, 0x40620 | 1 << 11

.macro all_of expected, operand
    .irp instruction, sgdt, sidt, sldt, str, smsw
    attempt \expected, \instruction [\operand]
    .endr
.endm

    catch_exceptions
    .irp level, 0, 1, 2, 3
    enter_level \level
    all_of no_exception, 0x20000
    all_of (page_fault | (\level / 3 * 4 + 2) << 8), unmapped       # A write, from user mode at level 3
    leave_level
    .endr

    mov rax, cr4
    bts rax, 11
    mov cr4, rax
    all_of no_exception, 0x20000
    attempt no_exception, smsw eax
    .irp level, 1, 2, 3
    enter_level \level
    all_of protection, 0x20000
    all_of protection, unmapped
    .irp instruction, sldt, str, smsw
    attempt protection, \instruction eax
    .endr
    leave_level
    .endr
    finish
