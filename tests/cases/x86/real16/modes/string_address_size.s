# With an address-size prefix string instructions use ESI, EDI and ECX; beyond offset FFFF they are #GP (Intel SDM
# Vol. 2B, MOVS, REP).

given rsi, 0xfff0
given rdi, 0x800
given rcx, 0x10001
faults general_protection, fault
expect rsi, 0x10000
expect rdi, 0x810
expect rcx, 0xfff1
expect ds, 0x2000
expect rax, 0x2000

    mov ax, 0x2000
    mov ds, ax
fault:
    rep movs byte ptr es:[edi], byte ptr [esi]
    hlt
