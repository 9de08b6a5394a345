# IP does not wrap: after an instruction whose last byte is at FFFF the next one lies beyond CS's limit, and its
# fetch is #GP (Intel SDM Vol. 3, 5.3; so does an AMD Zen 4 with a 16-bit segment). The frame has the low 16 bits,
# 0.

faults general_protection, 0
expect cs, 0x2000
expect retired, 5
expect rcx, 0x34

    mov ax, 0x2000
    mov ds, ax
    mov word ptr [0xfffe], 0x34b1       # mov cl, 0x34
    jmp 0x2000:0xfffe

expect rax, 0x2000
expect ds, 0x2000
