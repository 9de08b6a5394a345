# Without EFER.SCE, SYSCALL and SYSRET raise #UD at every level, and SYSRET does so before it asks for the level (Intel SDM
# Vol. 2B, SYSCALL, SYSRET).

.include "x86/long64/privileged/attempts.inc"

given efer, 0xd00
expect efer, 0xd01

    catch_exceptions
    .irp level, 0, 1, 2, 3
    enter_level \level
    attempt illegal, syscall
    attempt illegal, sysretq
    attempt illegal, .byte 0x0f, 0x07
    leave_level
    .endr
    mov ecx, 0xc0000080
    mov eax, 0xd01
    xor edx, edx
    wrmsr
    .irp level, 1, 2, 3
    enter_level \level
    attempt protection, sysretq
    leave_level
    .endr
    finish
