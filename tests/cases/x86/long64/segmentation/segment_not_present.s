# Loading DS with a descriptor that is not present: #NP with the selector (Intel SDM Vol. 3, 6.15, interrupt 11).

faults segment_not_present, fault, absent_data
expect rax, absent_data

    mov eax, absent_data
fault:
    mov ds, eax
    hlt
