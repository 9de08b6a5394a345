# A contributory exception or a second page fault while a page fault is delivered makes #DF. CR2 then has the address of the
# last page fault (Intel SDM Vol. 3, table 6-5, and interrupt 14).

.include "x86/long64/double_faults/gates.inc"

    log_events 8
    shorten_tss
    .irp second, not_present, not_a_gate, stack_not_canonical, stack_beyond_tss
    \second page_fault
    doubles inc byte ptr [rdi]
    mend page_fault
    .endr
    mov rax, cr2
    stack_not_mapped page_fault
    doubles inc byte ptr [rdi]

given rdi, unmapped
expect rax, unmapped
expect cr2, unmapped+0x1000-8
    all_logged
