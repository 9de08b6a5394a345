# A stack of the TSS that is not canonical raises #SS, one beyond its limit #TS for the TSS. An RSP that is not canonical
# raises #SS as well. EXT is set unless INT n was on its way (Intel SDM Vol. 2A, INT n; Vol. 3, 6.13).

.include "x86/long64/double_faults/gates.inc"

    .macro bad_stack how, vector, selector
    \how 0x20
    raises \vector, \selector, int 0x20
    mend 0x20
    \how invalid_opcode
    raises \vector, \selector+1, ud2
    mend invalid_opcode
    .endm

    log_events stack_fault, invalid_tss
    bad_stack stack_not_canonical, stack_fault, 0
    shorten_tss
    bad_stack stack_beyond_tss, invalid_tss, task_state
    mov qword ptr [ist2], 0x1e0000                          # Where #SS is handled.
    mov byte ptr [interrupt_table + stack_fault * 16 + 4], 2
    mov rsp, rcx
    raises stack_fault, 0, int 0x20
    raises stack_fault, 1, ud2
    mov esp, 0x1f0000

given rcx, 0x8000000000001000
    all_logged
