# An interrupt gate clears IF and a trap gate does not; both clear TF and NT, and leave the other flags. The frame has
# the flags as they were (Intel SDM Vol. 3, 6.12.1.2 and 6.12.1.3).

.include "x86/prot32/faults.inc"

given rflags, IF|NT|DF|CF|AC|2
expect rflags, IF|DF|CF|AC
expect rax, DF|CF|AC|2
expect rbx, IF|NT|DF|CF|AC|2
expect rcx, IF|DF|CF|AC|2
expect rdx, IF|NT|DF|CF|AC|2

    gate 0x40, by_interrupt_gate, 0x8e
    gate 0x41, by_trap_gate, 0x8f
    int 0x40
by_interrupt_gate:
    pushfd
    pop eax
    mov ebx, [esp + 8]
    add esp, 12
    push ebx
    popfd
    int 0x41
by_trap_gate:
    pushfd
    pop ecx
    mov edx, [esp + 8]
    lea esp, [esp + 12]
    hlt
