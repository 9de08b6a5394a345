# The low two bits of a real-mode CS are no privilege level: after PE is set the CPL is 0, so privileged
# instructions work and segments of DPL 0 can be loaded (Intel SDM Vol. 3, 9.9.1 and 5.5).

.include "x86/real16/unreal/unreal.inc"

expect cs, 0x7c3
expect ds, kernel_data
expect ss, kernel_data
expect cpl, 0
expect rcx, 0x60000011
expect rax, kernel_data | 0x60000000
expect cr0, 0x60000011

    .org 0x30
    jmp 0x7c3:go_on - 0x7c30
go_on:
    set_protection
    mov ecx, cr0
    clts
    cli
    mov ax, kernel_data
    mov ds, ax
    mov ss, ax
    hlt
