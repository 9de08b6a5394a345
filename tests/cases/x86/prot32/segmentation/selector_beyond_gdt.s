# All eight bytes of a descriptor must lie within the table's limit; otherwise #GP with the selector, also for SS
# (Intel SDM Vol. 3, 3.5.1).

.include "x86/prot32/faults.inc"

descriptor last_entry, 0x93
.set next_entry, last_entry + 8
expect gdtr_limit, last_entry + 6
expect rax, next_entry

    watch_faults
    sgdt [0x20000]
    mov eax, last_entry
    mov fs, ax
    mov eax, kernel_data
    mov fs, ax
    mov eax, next_entry
    refused general_protection, next_entry, mov fs, ax
    mov eax, 0xfffb
    refused general_protection, 0xfff8, mov fs, ax
    mov eax, last_entry
    dec word ptr [0x20000]
    lgdt [0x20000]
    refused general_protection, last_entry, mov fs, ax
    refused general_protection, last_entry, mov ss, ax
    mov eax, next_entry
    refused general_protection, next_entry, mov ss, ax
    hlt
expect fs, kernel_data
