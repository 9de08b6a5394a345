# IRET to CPL 3 and the way back by INT3: the 32-bit TSS gives the stack, and the frame holds SS and ESP of the
# program.

faults breakpoint, after
expect cs, 0x53
expect ss, user_data
expect cpl, 3
expect es, 0                    # IRET takes away what the outer level may not use
expect ds, 0
expect fs, 0
expect gs, 0
expect rsp, 0x1e0000

    # A 32-bit code segment of DPL 3, in the unused entry behind the TSS.
    mov dword ptr [0x650], 0x0000ffff
    mov dword ptr [0x654], 0x00cffb00
    push user_data
    push 0x1e0000
    push 2
    push 0x53
    push offset user
    iret
user:
    int3
after:
    hlt
