# Outside of IA-32e mode the L bit of a code segment means nothing: with D clear it is 16-bit code (Intel SDM Vol.
# 3, 3.4.5). EFER.LME alone changes nothing about that.

given efer, 0x100
expect efer, 0x100
expect cs, kernel_code64
expect rax, 0x1234
expect rip, end-0x10000

    mov esi, 0x10000
    mov edi, 0
    mov ecx, 0x80
    rep movsb
    jmp kernel_code64:narrow - 0x10000
narrow:
    .byte 0xb8, 0x34, 0x12      # mov ax, 1234
end:
    hlt

expect rsi, 0x10080
expect rdi, 0x80
