# A page fault in the delivery of a contributory exception is delivered itself, with the address of the instruction (Intel SDM
# Vol. 3, table 6-5). What then fails in its own delivery comes second after a page fault, and makes #DF.

.include "x86/long64/double_faults/gates.inc"

    log_events 8, general_protection, page_fault
    stack_not_mapped general_protection
    raises page_fault, 2, mov ds, edx
    not_present page_fault
    doubles mov ds, edx

given rdx, 0xfff8
expect cr2, unmapped+0x1000-8
    all_logged
