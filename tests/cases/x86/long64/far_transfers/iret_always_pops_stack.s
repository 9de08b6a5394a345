# IRET of 64-bit mode pops SS and RSP at the same level too, from frames of five quadwords, doublewords or words
# (Intel SDM Vol. 3, 6.14.3).

.include "x86/long64/faults.inc"

expect rsp, 0x9000
expect rflags, ZF
expect rax, 0x1d0000
expect rbx, 0x1c0000

    push kernel_data
    push 0x1d0000
    push CF | 2
    push kernel_code64
    push offset by_quadwords
    iretq
by_quadwords:
    mov rax, rsp
    sub rsp, 20
    mov dword ptr [rsp], offset by_doublewords
    mov dword ptr [rsp + 4], kernel_code64
    mov dword ptr [rsp + 8], CF | 2
    mov dword ptr [rsp + 12], 0x1c0000
    mov dword ptr [rsp + 16], kernel_data
    iretd
by_doublewords:
    mov rbx, rsp
    mov dword ptr [0x8000], 0xf4            # hlt, at an address of 16 bits
    pushw kernel_data
    pushw 0x9000
    pushw ZF | 2
    pushw kernel_code64
    pushw 0x8000
    data16 iret
expect rip, 0x8000
