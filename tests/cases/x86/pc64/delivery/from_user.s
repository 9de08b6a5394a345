# An interrupt of a program at CPL 3 takes RSP from the TSS and loads SS with a null selector (Intel SDM Vol. 3, 6.14.2
# and 6.14.4); the program's SS and RSP are pushed.

expect rbx, program
expect rsi, user_code64
expect rbp, 0x1e0001
expect r8, user_data
expect rsp, 0x7000-40
expect ss, 0
.irp segment, ds, es, fs, gs
expect \segment, 0             # Unfit for CPL 3, and dropped by the IRET that went there.
.endr

    gate 0x41, handler
    enter_x2apic
    self_ipi 0x41
    clear_scratch
    push user_data
    push 0x1e0001
    push IF|2
    push user_code64
    push offset program
    iretq
program:
    ud2
handler:
    mov rbx, [rsp]
    mov rsi, [rsp + 8]
    mov rbp, [rsp + 24]
    mov r8, [rsp + 32]
    finish
