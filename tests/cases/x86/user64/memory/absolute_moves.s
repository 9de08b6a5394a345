# MOV between the accumulator and an absolute address, which has 64 bits or, with an address-size prefix, 32 (Intel SDM
# Vol. 2B, MOV).

given rbx, 0x20000
expect rax, 0x11223344556677ff
expect rcx, 0x1122334455667788
expect rdx, 0x1122334455667788
expect rsi, 0x1122334455667788
expect_memory 0x20008, 8, 0x66667788

    mov rcx, [rip + value]
    mov [rbx], rcx
    movabs rax, [0x20000]
    mov rdx, rax
    mov eax, 0
    .byte 0x67, 0x48, 0xa1                      # mov rax, [0x20000], 32-bit address
    .long 0x20000
    mov rsi, rax
    movabs [0x20008], eax
    mov ax, 0x6666
    movabs [0x2000a], ax
    mov rax, rsi
    mov al, 0xff
    hlt
    .balign 8
value:
    .quad 0x1122334455667788
