# A #PF whose gate points to a segment that is not present (a contributory exception) makes #DF with error code 0.

given rbx, unmapped
faults 8, fault
expect cr2, unmapped

    mov word ptr [interrupt_table + page_fault * 16 + 2], absent_data
fault:
    mov rax, [rbx]
    hlt
