# Setting CR4.PCIDE while CR3 bits 11:0 are not zero: #GP(0) (Intel SDM Vol. 3, 4.10.1).

faults general_protection, fault
expect cr3, page_map_level4+8
expect rax, 0x60620

    mov eax, page_map_level4 + 8
    mov cr3, rax
    mov eax, 0x60620
fault:
    mov cr4, rax
