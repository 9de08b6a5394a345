# IRET of a virtual-8086 program with IOPL below 3 faults, and lets NMIs in all the same: the one that waits comes
# before the first instruction of #GP's handler (Intel SDM Vol. 3, 6.7.1, which has this example). A task switch gets
# there with NMIs held off.

.set task, 0x30000

    gate 2, handler
    gate general_protection, refused
    mov byte ptr [0x20000], 0xcf            # IRET
    mov dword ptr [task + 4], 0x7800        # ESP0, SS0
    mov dword ptr [task + 8], kernel_data
    mov dword ptr [task + 0x24], 1 << 17 | 2    # EFLAGS: VM. EIP and SP are 0.
    mov dword ptr [task + 0x4c], 0x2000     # CS
    mov dword ptr [task + 0x50], 0x2100     # SS
    mov dword ptr [0x658], 0x67             # A TSS at `task`.
    mov dword ptr [0x65c], 0x00008903
    lgdt [tables]
    mov dword ptr [apic_spurious], 0x1ff
    send_ipi 0, deliver_nmi
    ud2
handler:
    push [esp]
    pop ss:[noted]
    btc dword ptr ss:[seen], 0
    jc again
    send_ipi 0, deliver_nmi
    ljmp 0x58:0
again:
    iretd
refused:
    hlt
seen:
    .long 0
noted:
    .long 0
tables:
    .word 0x5f
    .long 0x600

expect_memory noted, 4, refused
expect rsp, 0x7800-10*4                 # The frame from virtual-8086 mode.
expect es, 0
expect ds, 0
expect fs, 0
expect gs, 0
expect cr0, 0x1003b                     # TS
expect rdi, 0
expect gdtr_limit, 0x5f
