# STI and HLT: the interrupt that was pending comes behind HLT, which it wakes, and cannot be lost between the two
# (Intel SDM Vol. 2B, STI).

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    pending
    sti
    hlt
behind_halt:
    xor ecx, ecx
    xor edx, edx
    taken behind_halt
    all_taken
