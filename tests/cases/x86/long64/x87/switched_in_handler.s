# A kernel that switches the x87 and vector registers only when they are used, by CR0.TS and #NM (Intel SDM Vol. 3, 2.5 and
# 13.4): a program's registers are those that it had, though a handler uses them in the meantime.

.include "x86/long64/event_log.inc"

    .set saved, 0x22000
    catch device_not_available, bring_back
    catch 0x40, leave_to_other
    fninit
    fldpi
    mov ecx, 40
again:
    fld1
    faddp
    movq xmm1, rcx
    paddq xmm2, xmm1
    test cl, 7
    jnz 1f
    int 0x40
1:  fld st
    fstp tbyte ptr [0x21000]
    dec ecx
    jnz again
    mov rax, cr0
    all_logged

leave_to_other:
    fxsave64 [saved]
    fninit
    fldz
    pxor xmm2, xmm2
    pcmpeqb mm3, mm3
    push rax
    mov rax, cr0
    or al, 8
    mov cr0, rax
    pop rax
    iretq
bring_back:
    clts
    fxrstor64 [saved]
    inc ebx
    iretq

expect rbx, 5
expect rax, 0x80010033
expect fsw, 0x3820
expect ftw, 0x80
expect st0, 0xac90fdaa22168c23, 0x4004      # 40 + pi
expect_memory 0x21000, 10, 0xac90fdaa22168c23, 0x4004
expect ymm1, 1
expect ymm2, 820
undefined CF|PF|AF|ZF|SF|OF
