# A benign exception counts no longer once another is delivered in its place: #UD, then #NP, then #NP again is a contributory
# pair, and #UD, #PF, #PF one of page faults (Intel SDM Vol. 3, table 6-5).

.include "x86/long64/double_faults/gates.inc"

    log_events 8, invalid_opcode, segment_not_present, page_fault
    not_present invalid_opcode
    not_present segment_not_present
    doubles ud2
    mend invalid_opcode
    stack_not_mapped invalid_opcode
    stack_not_mapped page_fault
    doubles ud2
    mend page_fault
    not_present page_fault
    doubles ud2

expect cr2, unmapped+0x1000-8
    all_logged
