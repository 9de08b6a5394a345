# FNSTENV shows the last x87 instruction that was not one of control, and on Intel's CPUs opcode and operand of the last one
# that raised an unmasked exception (Intel SDM Vol. 1, 8.1.8 to 8.1.10; CPUID.07H:EBX[6]).

maker intel

    # shows LAST, OPCODE, OPERAND: is the environment at `environment` next.
    .set environment, 0x20000
    .macro shows last:req, opcode:req, operand:req
    fnstenv [r14]
    add r14, 28
    expect_memory environment + 12, 4, \last
    expect_memory environment + 18, 2, \opcode
    expect_memory environment + 20, 4, \operand
    .set environment, environment + 28
    .endm

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
