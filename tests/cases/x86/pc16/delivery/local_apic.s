# The local APIC delivers in real mode as in any other; x2APIC mode serves where its page is out of reach (Intel SDM
# Vol. 3, 11.12.2).

expect rbx, 1 << 1
expect_log 0x51, 0x41

    gate 0x41, handler
    gate 0x51, higher
    mov ecx, msr_apic_base
    rdmsr
    or eax, 0x400
    wrmsr
    xor edx, edx
    mov ecx, x2apic + 0x3f
    mov eax, 0x41
    wrmsr
    mov al, 0x51
    wrmsr
    interrupt_window
    xor ecx, ecx
    finish
higher:
    log 0x51
    jmp end
handler:
    log 0x41
    mov cx, x2apic + 0x12
    rdmsr
    mov ebx, eax
end:
    mov cx, x2apic + 0x0b
    xor eax, eax
    xor edx, edx
    wrmsr
    iret
