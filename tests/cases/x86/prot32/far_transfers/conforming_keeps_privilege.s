# In conforming code of DPL 0 that CPL 3 has called, CPL is still 3: CLI is #GP(0), and data of DPL 0 cannot be loaded
# (Intel SDM Vol. 3, 5.8.1.2).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
ends_in_user_code conforming+3
expect rax, kernel_data

    watch_faults
    enter_user
    ljmp conforming:inside
inside:
    refused general_protection, 0, cli
    mov eax, kernel_data
    refused general_protection, kernel_data, mov ds, ax
    refused general_protection, kernel_data, mov ss, ax
    hlt
