# A page fault in the delivery of a benign exception or of INT n is an ordinary one: error code, CR2, and RIP at the instruction,
# to which its handler can return (Intel SDM Vol. 3, table 6-5).

.include "x86/long64/double_faults/gates.inc"

    log_events page_fault
    catch 0x20, arrived
    stack_not_mapped invalid_opcode
    stack_not_mapped 0x20
    raises page_fault, 2, ud2
    catch page_fault, map_it
restarted:
    int 0x20
    mov rcx, cr2
    expect_memory event_log_end, 8, event_log+32
    hlt
map_it:                                 # And restart INT.
    mov byte ptr [ist2 + 2], 0x1f
    mov rdx, [rsp + 8]
    add rsp, 8
    iretq
arrived:
    mov rbx, rsp
    iretq

expect rbx, 0x1f1000-40
expect rcx, unmapped+0x1000-8
expect rdx, restarted
expect cr2, unmapped+0x1000-8
