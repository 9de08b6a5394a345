# A bit of CR3 beyond the physical address width: #GP(0) in IA-32e mode, and CR3 stays (Intel SDM Vol. 2B, MOV -
# Move to Control Registers; 63 is among them while PCIDE is clear).

faults general_protection, fault
expect rax, 0x8000000000002000

    mov rax, 0x8000000000002000
fault:
    mov cr3, rax
