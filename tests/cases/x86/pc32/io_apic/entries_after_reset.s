# After reset every entry is masked (Intel 82093AA datasheet, 3.2.4), and so no pin interrupts.

expect rbx, 24
expect_log 1

    connect_serial
    raise_irq4
    mov ecx, 0x10
1:  mov [io_apic_select], ecx
    mov eax, [io_apic_window]
    cmp eax, masked
    sete al
    movzx eax, al
    add ebx, eax
    add ecx, 2
    cmp ecx, 0x10 + 2 * 24
    jb 1b
    interrupt_window
    log 1
    xor ecx, ecx
    finish
