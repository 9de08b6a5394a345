# EOI ends the interrupt in service of the highest priority, which need not be the latest that was delivered
# (Intel SDM Vol. 3, 11.8.5). Here the handler of 41H has raised itself by a lower task priority.

expect_memory results, 12, 0x0000000200000002, 0x00000000
expect rbx, 0x00000002
expect_log 0x61, 0x41, 1

    gate 0x61, handler
    gate 0x41, nested
    self_ipi 0x61
    self_ipi 0x41
    interrupt_window
    log 1
    finish
handler:
    log 0x61
    mov eax, [apic_in_service + 0x30]
    mov [results], eax
    end_apic                        # Ends 61H, so that 41H comes; and once more, with nothing in service.
    interrupt_window
    end_apic
    mov eax, [apic_in_service + 0x30]
    mov [results + 8], eax
    iretd
nested:
    log 0x41
    mov ebx, [apic_in_service + 0x20]
    self_ipi 0x61
    gate 0x61, second
    interrupt_window
    end_apic
    iretd
second:
    mov eax, [apic_in_service + 0x30]
    mov [results + 4], eax
    end_apic                        # Ends itself, not 41H.
    iretd
