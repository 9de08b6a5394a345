# In x2APIC mode the ID is a full 32-bit number, and the logical ID follows from it: its upper 28 bits name a cluster,
# and its lower four a bit in that (Intel SDM Vol. 3, 11.12.10.2). CPUID leaf 0BH tells the same ID.

expect rbx, 0
expect rsi, 1
expect rbp, 0

    enter_x2apic
    read_apic apic_id
    mov ebx, eax
    read_apic apic_logical_destination
    mov esi, eax
    push rbx
    mov eax, 0xb
    xor ecx, ecx
    cpuid
    mov ebp, edx
    pop rbx
    clear_scratch
    finish
