# LMSW can set PE: from there on a load of a segment register reads a descriptor (Intel SDM Vol. 2A, LMSW; Vol. 3,
# 9.9.1).

expect cr0, 0x60000011
expect ds, kernel_data16
expect ds_base, 0
expect ds_limit, 0xffff
expect ds_attributes, 0x93
expect rax, kernel_data16

    mov ax, 0x2000
    mov ds, ax
    mov ax, 1
    lmsw ax
    mov ax, kernel_data16
    mov ds, ax
    hlt
