# PUSH with SP = 1: #SS cannot be delivered, for it needs the same stack, nor can the double fault that comes of it;
# the processor shuts down (Intel SDM Vol. 2B, PUSH, and Vol. 3, 20.1.4).

given rsp, 1
expect shutdown, 1
expect retired, 1

    mov ax, 0x1234
    push ax
    hlt

expect rax, 0x1234
