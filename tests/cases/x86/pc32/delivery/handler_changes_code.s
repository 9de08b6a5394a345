# What an interrupt's handler writes is what runs after its return: the instruction behind the interrupted one, that
# instruction's own block, and the target of a jump there (Intel SDM Vol. 3, 9.1.3: IRET serializes).

expect rbx, 0x22
expect rcx, 0x44
expect_log 0x41, 0x41

    gate 0x41, handler
    mov esi, 2
again:
    self_ipi 0x41
    interrupt_window
    cli
patched:
    mov ebx, 0x10
    jmp 1f
1:  mov ecx, 0x40
    dec esi
    jnz again
    finish
handler:
    push eax
    log 0x41
    add byte ptr [patched + 1], 9
    add byte ptr [1b + 1], 2
    end_apic
    pop eax
    iretd
