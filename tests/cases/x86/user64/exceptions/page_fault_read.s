# A read of a page that is not there: #PF, error code user, the address in CR2, no register changed.

given rax, 7
given rbx, unmapped+8
faults page_fault, fault, 4
expect cr2, unmapped+8
expect retired, 0

fault:
    add rax, [rbx]
    hlt
