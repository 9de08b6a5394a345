# The privileged instructions raise #GP(0) at every level but 0 (Intel SDM Vol. 3, 5.9; IN, OUT, CLI and STI depend on IOPL
# and have cases of their own).

.include "x86/long64/privileged/attempts.inc"

given star, 0x0010000800000000

    catch_exceptions
    mov eax, 7
    .irp level, 1, 2, 3
    enter_level \level, 0x3002                  # IOPL 3 does not help.
    attempt protection, hlt
    attempt protection, clts
    attempt protection, invd
    attempt protection, wbinvd
    attempt protection, invlpg [0x20000]
    attempt protection, lgdt [0x20000]
    attempt protection, lidt [0x20000]
    attempt protection, lldt cx
    attempt protection, ltr cx
    attempt protection, lmsw ax
    attempt protection, rdmsr
    attempt protection, wrmsr
    attempt protection, swapgs
    attempt protection, sysretq
    attempt protection, .byte 0x0f, 0x07        # SYSRET to 32-bit code
    attempt protection, xsetbv
    attempt protection, invpcid rax, [0x20000]
    .irp register, cr0, cr2, cr3, cr4, cr8
    attempt protection, mov rax, \register
    attempt protection, mov \register, rax
    .endr
    .irp register, dr0, dr1, dr2, dr3, dr6, dr7
    attempt protection, mov rax, \register
    attempt protection, mov \register, rax
    .endr
    leave_level
    .endr
    finish
