# An accepted interrupt sets its bit in the IRR; delivery moves it to the ISR, EOI clears it there (Intel SDM Vol. 3,
# 11.8.4). Vector V is bit V mod 32 of the register V / 32, and registers are 16 bytes apart.

expect_memory results, 16, 0x0000000080000000, 0x0000000000000000
expect_memory results + 16, 16, 0x8000000000000000, 0x0000000000000000
expect_memory results + 32, 16, 0, 0

    gate 0xbf, handler
    self_ipi 0xbf
    mov ebx, offset results
    call show
    interrupt_window
    call show
    xor ebx, ebx
    finish
show:
    mov eax, [apic_request + 0x50]
    mov [ebx], eax
    mov eax, [apic_in_service + 0x50]
    mov [ebx + 4], eax
    mov eax, [apic_request + 0x40]
    or eax, [apic_in_service + 0x60]
    or eax, [apic_trigger_mode + 0x50]
    mov [ebx + 8], eax
    add ebx, 16
    ret
handler:
    call show
    end_apic
    iretd
