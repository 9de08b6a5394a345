# SYSENTER and SYSEXIT in long mode: Intel's processors have them in both of its submodes, AMD's in neither (#UD; SYSEXIT
# beyond level 0 raises #GP(0) first, as silicon does). IA32_SYSENTER_CS of zero makes Intel's raise #GP(0) (Intel SDM
# Vol. 2B, SYSENTER, SYSEXIT; AMD APM Vol. 3).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp level, 0, 3
    enter_level \level
    attempt_by_maker illegal, protection, sysenter
    .if \level
    attempt protection, .byte 0x0f, 0x35           # sysexit
    attempt protection, sysexitq
    .else
    attempt_by_maker illegal, protection, .byte 0x0f, 0x35           # sysexit
    attempt_by_maker illegal, protection, sysexitq
    .endif
    leave_level
    .endr
    enter_level 3, code=user_code32
    .code32
    attempt_by_maker illegal, protection, sysenter
    leave_level
    .code64
    finish
