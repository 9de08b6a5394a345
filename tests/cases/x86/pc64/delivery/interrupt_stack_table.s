# A gate that names an entry of the interrupt stack table has its handler run on that stack, also without a change of
# level, and each time from its top (Intel SDM Vol. 3, 6.14.5).

.set stack_1, 0x1d0008
.set stack_7, 0x1c0000
expect rbx, 0x1d0000-40
expect rsi, 0x1c0000-40
expect rbp, 0x1d0000-40         # SS:RSP of the first handler, which the second has interrupted.

    mov qword ptr [0x6024], stack_1
    mov qword ptr [0x6054], stack_7
    gate 0x41, first
    gate 2, second
    mov byte ptr [interrupt_table + 0x41 * 16 + 4], 1
    mov byte ptr [interrupt_table + 2 * 16 + 4], 7
    enter_x2apic
    self_ipi 0x41
    interrupt_window
    clear_scratch
    finish
first:
    mov rbx, rsp
    write_apic apic_command, 0x4400
    iretq
second:
    mov rsi, rsp
    mov rbp, [rsp + 24]
    iretq
