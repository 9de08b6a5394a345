# #TS is contributory: #NP on the way to its handler makes #DF with error code 0 (Intel SDM Vol. 3, tables 6-4 and 6-5).

faults 8, fault
expect rflags, NT|PF

    mov byte ptr [interrupt_table + invalid_tss * 8 + 5], 0x0e
    push NT|PF|2
    popfd
fault:
    iretd                                   # The back link of the TSS is null.
    hlt
