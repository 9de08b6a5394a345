# XSAVE, XSAVEOPT, XSAVEC and XRSTOR raise #UD without CR4.OSXSAVE, then #NM with CR0.TS, and do not ask for EM; FXSAVE and
# FXRSTOR raise #NM with EM or TS (Intel SDM Vol. 2D, XSAVE; Vol. 2A, FXSAVE). Prefixes 66, F3 and F2 make other instructions
# or none of them.

.include "x86/long64/privileged/attempts.inc"

.set save_area, 0x20000

.macro try extended, legacy
    attempt \extended, xsave [save_area]
    attempt \extended, xsaveopt [save_area]
    attempt \extended, xsavec [save_area + 0x400]
    attempt \extended, xrstor [save_area]
    attempt \extended, xsave64 [save_area]
    attempt \legacy, fxsave [save_area]
    attempt \legacy, fxrstor [save_area]
.endm

    catch_exceptions
    mov eax, 7
    try no_exception, no_exception
    attempt illegal, .byte 0x66, 0x0f, 0xae, 0x23       # 66 and F3 before XSAVE [rbx]
    attempt illegal, .byte 0xf3, 0x0f, 0xae, 0x23
    attempt illegal, .byte 0xf0, 0x0f, 0xae, 0x23       # LOCK
    mov ebx, 0x80010033 + 4
    mov cr0, rbx
    try no_exception, device_not_available
    mov ebx, 0x80010033 + 8
    mov cr0, rbx
    try device_not_available, device_not_available
    mov rcx, cr4
    btr rcx, 18
    mov cr4, rcx
    try illegal, device_not_available
    bts rcx, 18
    mov cr4, rcx
    mov ebx, 0x80010033
    mov cr0, rbx
    finish
