# An instruction whose bytes go on beyond CS's limit is #GP at its start, and does nothing (Intel SDM Vol. 3, 5.3).

faults general_protection, 0xffff
expect cs, 0x2000
expect retired, 6
expect rcx, 0

    mov ax, 0x2000
    mov ds, ax
    mov byte ptr [0xffff], 0xb1         # mov cl, ...
    mov byte ptr [0], 0x34
    mov word ptr [2], 0xf4f4
    jmp 0x2000:0xffff

expect rax, 0x2000
expect ds, 0x2000
