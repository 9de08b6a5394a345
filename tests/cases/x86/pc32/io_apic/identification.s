# Of the ID register four bits can be written, which the arbitration register follows; the version register tells a
# version with an EOI register (20H) and the highest entry, and is read-only (Intel 82093AA datasheet, 3.2.1 to 3.2.3;
# Intel ICH datasheet, "VER").

expect rbx, 0x05000000
expect rcx, 0x05000000
expect rdx, 0x00170020

    mov dword ptr [io_apic_select], 0
    mov dword ptr [io_apic_window], 0xf5ffffff
    mov dword ptr [io_apic_select], 1
    mov dword ptr [io_apic_window], 0xffffffff
    mov dword ptr [io_apic_select], 0
    mov ebx, [io_apic_window]
    mov dword ptr [io_apic_select], 1
    mov edx, [io_apic_window]
    mov dword ptr [io_apic_select], 2
    mov ecx, [io_apic_window]
    finish
