# An NMI comes before a maskable interrupt that is pending with it. In its handler IF is clear; the interrupt follows
# its IRETQ (Intel SDM Vol. 3, table 6-2).

.include "x86/pc64/non_maskable/nmi.inc"

    prepare_nmi handler
    gate 0x40, interrupt
    self_ipi 0x40
    mov ecx, x2apic + 0x30
    mov eax, assert|deliver_nmi
    xor edx, edx
    sti
    wrmsr                                   # In the shadow of STI.
behind:
    noted behind, 1, behind, 2
    all_noted
handler:
    note_address
    note 1
    iretq
interrupt:
    note_address
    note 2
    write_apic apic_end, 0
    iretq
