# #DB, #BP, #UD, #NM, #MF and interrupts are benign: what goes wrong while one is delivered is delivered in its place, with RIP at
# the instruction. EXT is set unless INT n or INT3 was on its way (Intel SDM Vol. 3, 6.13, tables 6-4 and 6-5).

.include "x86/long64/double_faults/gates.inc"

    .macro becomes first, external, instruction:vararg
    not_present \first
    raises segment_not_present, (\first)*8+2+\external, \instruction
    not_a_gate \first
    raises general_protection, (\first)*8+2+\external, \instruction
    mend \first
    .endm

    log_events segment_not_present, general_protection
    becomes invalid_opcode, 1, ud2
    becomes debug_exception, 1, .byte 0xf1
    becomes breakpoint, 0, int3
    becomes breakpoint, 0, .byte 0xcd, 3
    becomes 0x80, 0, int 0x80
    mov rax, cr0
    or al, 8                            # TS
    mov cr0, rax
    becomes device_not_available, 1, fldz
    clts
    fninit
    mov word ptr [rsp - 8], 0x37b       # Division by zero unmasked.
    fldcw [rsp - 8]
    fldz
    fld1
    fdivrp
    becomes x87_error, 1, fwait
    fninit

expect rax, 0x8001003b
undefined CF|PF|AF|ZF|SF|OF
    all_logged
