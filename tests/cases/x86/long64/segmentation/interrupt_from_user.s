# IRETQ to CPL 3, and INT n back through a gate of DPL 3: the CPU switches to the stack of the TSS and pushes a frame
# of five quadwords (Intel SDM Vol. 3, 6.14).

faults 0x80, after
expect cs, user_code64
expect ss, user_data
expect cpl, 3
expect es, 0                    # IRET takes away what the outer level may not use
expect ds, 0
expect fs, 0
expect gs, 0
expect rsp, 0x1e0000
expect rax, 0x23
expect rflags, CF|PF
expect_memory 0x7000-8, 8, user_data
expect_memory 0x7000-16, 8, 0x1e0000
expect_memory 0x7000-24, 8, CF|PF|2
expect_memory 0x7000-32, 8, user_code64
expect_memory 0x7000-40, 8, after
expect retired, 9

    mov byte ptr [interrupt_table + 0x80 * 16 + 5], 0xee
    push user_data
    push 0x1e0000
    push CF|PF|2
    push user_code64
    push offset user
    iretq
user:
    mov eax, cs
    int 0x80
after:
    ud2
