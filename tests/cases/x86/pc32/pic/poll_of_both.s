# To find a slave's request by polling takes a poll of the master, which tells input 2, and one of the slave. That is
# an acknowledge for the slave, whose next request then makes a new edge for the master (Intel 8259A datasheet, "Poll
# Command").

expect rbx, 0x8280
expect rcx, 0x8284
expect rdx, 0

    connect_keyboard
    start_clock
    initialize_pics 4, 0x11, 3
    raise_irq12
1:  in al, 0xa0
    cmp al, 0x11                # Until the clock's request stands beside it.
    jne 1b
    call poll
    mov ebx, eax
    call poll
    mov ecx, eax
    call poll
    mov edx, eax
    and edx, 0x8080
    finish
poll:
    xor eax, eax
    output 0x20, 0x0c
    in al, 0x20
    mov ah, al
    output 0xa0, 0x0c
    in al, 0xa0
    ret
