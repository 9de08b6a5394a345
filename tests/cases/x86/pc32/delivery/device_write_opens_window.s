# With IF set an interrupt that a device access causes is taken before the next instruction: the access is complete,
# and so is what else the instruction does (Intel SDM Vol. 3, 6.8.1).

expect rbx, behind
expect rcx, 0x24
expect_log 0x41, 0x24

    initialize_pics 0x10, 0
    connect_serial
    gate 0x41, local
    gate 0x24, isa
    pushfd
    or dword ptr [esp], IF
    popfd
    mov eax, to_self | assert | 0x41
    xchg eax, [apic_command]
behind:
    mov ecx, 0x24
    raise_irq4
    finish
local:
    log 0x41
    mov ebx, [esp]
    end_apic
    iretd
isa:
    log cl
    output 0x20, 0x20
    iretd
