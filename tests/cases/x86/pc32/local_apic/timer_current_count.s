# The current count goes down, cannot be written, and never exceeds the initial count (Intel SDM Vol. 3, 11.5.4).

expect rbx, 3

    mov dword ptr [apic_lvt_timer], masked | 0x41
    mov dword ptr [apic_initial_count], 1000000
    mov eax, [apic_current_count]
    mov dword ptr [apic_current_count], 2000000
    mov ecx, [apic_current_count]
1:  mov edx, [apic_current_count]
    cmp edx, ecx
    je 1b
    xor ebx, ebx
    cmp eax, 1000001
    adc ebx, ebx
    inc ecx
    cmp edx, ecx
    adc ebx, ebx
    xor ecx, ecx
    xor edx, edx
    finish
