# REP MOVSW that comes to a word at FFFF: #GP at the instruction, with SI, DI and CX as the iterations before have
# left them (Intel SDM Vol. 2B, REP). The prefix lies within what is restarted.

given rsi, 0xfff9
given rdi, 0x10
given rcx, 5
faults general_protection, fault
expect rsi, 0xffff
expect rdi, 0x16
expect rcx, 2
expect rax, 0x3000
expect es, 0x3000
expect ds, 0x2000
expect_memory 0x30010, 8, 0x665544332211

    mov ax, 0x2000
    mov ds, ax
    mov dword ptr [0xfff9], 0x44332211
    mov word ptr [0xfffd], 0x6655
    mov ax, 0x3000
    mov es, ax
fault:
    rep movsw
    hlt
