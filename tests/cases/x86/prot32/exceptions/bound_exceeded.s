# BOUND outside of its bounds: #BR at the instruction.

given rax, 6
faults 5, fault

fault:
    bound eax, [limits]
    hlt
limits:
    .long -1, 5
