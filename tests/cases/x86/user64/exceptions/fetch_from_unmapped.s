# A jump to a page that is not there completes: the fault is the fetch's, at the target, with the error code of a user's
# instruction fetch (Intel SDM Vol. 3, 4.7).

given rbx, unmapped+0x123
faults page_fault, unmapped+0x123, 0x14
expect cr2, unmapped+0x123
expect retired, 1

    jmp rbx
