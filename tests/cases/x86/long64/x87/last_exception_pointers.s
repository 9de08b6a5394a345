# FNSTENV shows the last x87 instruction that was not one of control, and on Intel's CPUs opcode and operand of the last one
# that raised an unmasked exception (Intel SDM Vol. 1, 8.1.8 to 8.1.10; CPUID.07H:EBX[6]).

maker intel

.include "x86/long64/x87/environments.inc"

    fninit
load:
    fld dword ptr [rbx + 8]
    shows load, 0, 0
constant:
    fldpi
    fldcw [rip + all_unmasked]
    shows constant, 0, 0                        # FNSTENV masks all exceptions.
    fldcw [rip + all_unmasked]
    fldz
divide:
    fdiv dword ptr [rbx + 16]
    fnclex
    shows divide, 0x073, 0x24010
    mov esi, 20
again:
    fild word ptr [rbx + rsi * 2]
last:
    fstp st
    dec esi
    jnz again
    shows last, 0x073, 0x24010
    fninit
    mov r14d, 0x20000
    hlt
all_unmasked: .word 0x340

given rbx, 0x24000
given r14, 0x20000
expect rsi, 0
undefined CF|PF|AF|ZF|SF|OF
