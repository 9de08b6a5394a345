# The real-time clock holds its line until register C is read (Motorola MC146818A datasheet, register C); an
# edge-triggered pin sees no further interrupt before. Another timer ends the wait for it.

expect rbx, 0xc0                # The request, and the periodic interrupt.
expect_log 0x48, 0x48, 0x41, 1, 0x48

    log_interrupts end_apic, 0x41, 0x48
    start_clock
    io_apic_entry 8, 0x48
    sti
    hlt
    call acknowledge
    hlt
    mov dword ptr [apic_lvt_timer], 0x41
    mov dword ptr [apic_initial_count], 10000000    # Many periods of the clock.
    hlt
    log 1
    call acknowledge
    hlt
    finish
acknowledge:
    output 0x70, 0x0c
    in al, 0x71
    movzx ebx, al
    ret
