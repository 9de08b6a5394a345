# The ID register has the identifier in its top byte; the version register tells an integrated APIC (10H to 15H), its
# number of LVT entries less one, and that it can suppress EOI broadcasts (Intel SDM Vol. 3, 11.4.6 to 11.4.8). Neither
# can be written: the identifier is fixed on processors since Nehalem.

expect rbx, 0
expect rcx, 0x15            # An integrated one, its low four bits set aside.
expect rdx, 0x0105          # Suppression, and six entries.
expect rsi, 0

    mov dword ptr [apic_id], 0xff000000
    mov dword ptr [apic_version], 0
    mov ebx, [apic_id]
    mov edx, [apic_version]
    movzx ecx, dl
    or ecx, 5
    shr edx, 16
    mov esi, [local_apic + 0xd0]
    finish
