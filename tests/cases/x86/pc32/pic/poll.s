# A poll command makes the next read an acknowledge: it tells the highest request with bit 7 set, and takes it into
# service; without a request bit 7 is clear (Intel 8259A datasheet, "Poll Command"). Reads afterwards are ordinary
# ones.

expect rbx, 0x83
expect rcx, 0x84
expect rdx, 0
expect rsi, 0x10                # In service at the end.
expect rbp, 0x08

    initialize_pics 0x18, 0
    connect_serial
    raise_irq4
    raise_irq3
    output 0x20, 0x0b
    call poll
    mov ebx, eax
    in al, 0x20                 # Services, as chosen before the poll.
    movzx ebp, al
    output 0x20, 0x20
    call poll
    mov ecx, eax
    call poll
    and al, 0x80
    mov edx, eax
    in al, 0x20
    movzx esi, al
    interrupt_window            # Nothing is left to interrupt.
    finish
poll:
    output 0x20, 0x0c
    in al, 0x20
    movzx eax, al
    ret
