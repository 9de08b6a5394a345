# LAR and LSL clear ZF when DPL is below CPL or RPL, except for conforming code, and change no other flag. All of CPL
# 0 and 3, RPL and DPL (Intel SDM Vol. 2A, LAR and LSL).

.include "x86/prot32/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
descriptor conforming\dpl, 0x9f+\dpl*0x20
descriptor task\dpl, 0x89+\dpl*0x20
.endr
.set status, CF|PF|AF|ZF|SF|OF

# \seen: whether ZF must be set.
.macro ask instruction, selector, seen
    mov ecx, \selector
    .irp before, status, 0
    push 2 + \before
    popfd
    \instruction eax, ecx
    pushfd
    pop ebx
    and ebx, status
    .set after, ((\before) & ~ZF) | (\seen) * ZF
    holds ebx, after
    .endr
.endm

.macro ask_all cpl
    .irp instruction, lar, lsl
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    ask_three \instruction, \dpl, \rpl, \cpl
    .endr
    .endr
    .endr
.endm

.macro ask_three instruction, dpl, rpl, cpl
    .set seen, 0
    .if \dpl >= \rpl && \dpl >= \cpl
    .set seen, 1
    .endif
    ask \instruction, data\dpl+\rpl, seen
    ask \instruction, task\dpl+\rpl, seen
    ask \instruction, conforming\dpl+\rpl, 1
.endm

ends_in_user_code

    ask_all 0
    enter_user
    ask_all 3
    xor eax, eax
    xor ecx, ecx
    xor ebx, ebx
    hlt
