# Of an area that is not there FXSAVE tells the last byte (no manual says which).

given rbx, unmapped
faults page_fault, fault, 6
expect cr2, unmapped+511

fault:
    fxsave [rbx]
    hlt
