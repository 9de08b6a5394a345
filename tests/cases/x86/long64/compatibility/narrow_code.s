# A code segment with L and D clear is 16-bit compatibility mode: 16-bit operands and addresses by default, IP
# within its limit (Intel SDM Vol. 3, 3.4.5 and 5.2.1). The stack pointer's size is still SS.B's.

given rax, 0xaaaa0000
given rbx, 0x1fffe
given rsi, 0x12
given gdtr_limit, 0x5f
expect cs, 0x58
expect rax, 0xaaaa1234
expect rcx, 0x1efffe
expect rip, end-0x10000
expect_memory 0x10, 2, 0x1234
expect_memory 0x1efffe, 2, 0x1234

    mov dword ptr [0x658], 0x0000ffff
    mov dword ptr [0x65c], 0x00009b01
    push 0x58
    push offset narrow - 0x10000
    retfq
    .code16
narrow:
    .byte 0xb8, 0x34, 0x12      # mov ax, 1234
    mov [bx + si], ax
    push ax
    mov ecx, esp
    pop ax
end:
    hlt
