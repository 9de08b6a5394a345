# A fault in the middle of REPE CMPS finds the registers at the elements that could not be compared (Intel SDM Vol. 2,
# REP). Intel's CPUs give back the flags of the beginning then, and AMD's leave those of the last comparison: they do
# not count.

given rsi, 0x1ffffd
given rdi, 0x20000
given rcx, 10
expect rsi, unmapped
expect rdi, 0x20003
expect rcx, 7
faults page_fault, fault, 4
expect cr2, unmapped
undefined CF|OF|SF|ZF|AF|PF

fault:
    repe cmpsb
    hlt
