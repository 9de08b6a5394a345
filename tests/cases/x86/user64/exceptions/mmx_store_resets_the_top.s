# An MMX store that faults has reset the top of the x87 stack on Intel's CPUs (on AMD's it has done nothing).

maker intel
given rbx, unmapped
given fsw, 0x1800
faults page_fault, fault, 6
expect cr2, unmapped
expect fsw, 0

fault:
    movq qword ptr [rbx], mm0
    hlt
