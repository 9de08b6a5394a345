# REP STOS fills what it can: the fault finds RCX and RDI at the first element, of which no byte is written, that does
# not fit (Intel SDM Vol. 2, REP).

given rax, 0x1122334455667788
given rdi, 0x200000-20
given rcx, 5
expect rdi, 0x200000-4
expect rcx, 3
faults page_fault, fault, 6
expect cr2, unmapped
expect_memory 0x200000-20, 16, 0x1122334455667788, 0x1122334455667788
expect_memory 0x200000-4, 4, 0

fault:
    rep stosq
    hlt
