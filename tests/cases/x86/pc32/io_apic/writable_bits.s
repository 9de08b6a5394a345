# Of an entry, delivery status (12), remote IRR (14) and the bits 17 to 55 cannot be written; they read as 0 in an
# entry that is idle (Intel 82093AA datasheet, 3.2.4). Registers beyond the last entry do not exist.

expect rbx, 0x0001afff
expect rcx, 0xff000000
expect rdx, 0
expect rsi, 0x04

    mov dword ptr [io_apic_select], 0x10 + 2 * 23
    mov dword ptr [io_apic_window], 0xffffffff
    mov dword ptr [io_apic_select], 0x11 + 2 * 23
    mov dword ptr [io_apic_window], 0xffffffff
    mov dword ptr [io_apic_select], 0x10 + 2 * 24
    mov dword ptr [io_apic_window], 0xffffffff
    read_entry edx, 24
    read_entry ebx, 23
    mov dword ptr [io_apic_select], 0x11 + 2 * 23
    mov ecx, [io_apic_window]
    mov dword ptr [io_apic_select], 0xffffff04
    mov esi, [io_apic_select]                   # Of the index eight bits count.
    finish
