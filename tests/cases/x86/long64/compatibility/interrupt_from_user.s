# From compatibility mode at CPL 3 to a 64-bit handler on the stack of the TSS, with SS null there; IRETQ returns to
# 32-bit code (Intel SDM Vol. 3, 6.14.2 to 6.14.4).

given gdtr_limit, 0x5f
expect cs, 0x5b
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e0000
expect rax, 0
expect rbx, 0x6fd8
expect rdx, kernel_code64
expect rsi, 0x5b
expect rdi, user_data
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr

    mov dword ptr [0x658], 0x0000ffff
    mov dword ptr [0x65c], 0x00cffb00
    mov word ptr [interrupt_table + 0x40 * 16], offset handler - 0x10000
    mov word ptr [interrupt_table + 0x40 * 16 + 6], 1
    mov byte ptr [interrupt_table + 0x40 * 16 + 5], 0xee
    push user_data
    push 0x1e0000
    push 2
    push 0x5b
    push offset user
    iretq
    .code32
user:
    int 0x40
    hlt
    .code64
handler:
    mov rbx, rsp
    mov eax, ss
    mov edx, cs
    mov rsi, [rsp + 8]
    mov rdi, [rsp + 32]
    iretq
