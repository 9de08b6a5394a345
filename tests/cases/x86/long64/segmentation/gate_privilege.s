# INT n from CPL 3 through a gate of DPL 0: #GP with the gate's selector, EXT clear, IDT set (Intel SDM Vol. 3,
# 6.12.1.2).

faults general_protection, fault, 0x40*8+2
expect cs, user_code64
expect ss, user_data
expect cpl, 3
expect es, 0                    # IRET takes away what the outer level may not use
expect ds, 0
expect fs, 0
expect gs, 0

    push user_data
    push 0x1f0000
    push 2
    push user_code64
    push offset fault
    iretq
fault:
    int 0x40
